import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { begin, loadConfig, type TaskState } from "@ampx/core";
import { gitWorkspace } from "@ampx/worker/git/index";
import {
  connectGitHub,
  gitHubAddressOf,
  gitHubPlace,
  gitHubTaskPorts,
} from "@ampx/worker/github/index";
import { expect } from "vitest";
import { wants42 } from "../github-tasks/github-world.ts";
import { startGitHub } from "../github/github.ts";
import { ciContract } from "./ci-contract.ts";
import { forgeContract } from "./forge-contract.ts";

const taskId = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const branch = "amp/task-1";
const { signal } = new AbortController();

/** A repository on the fake GitHub, and the adapters of one task in it. */
async function make({ without = false } = {}) {
  const root = await realpath(await mkdtemp(join(tmpdir(), "ampx contract ")));
  const github = await startGitHub();
  const workflow = without ? {} : { ".github/workflows/ci.yml": wants42 };
  const repository = await github.createRepository("acme/shop", {
    files: { answer: "0\n", ...workflow },
  });
  github.plan({}, async ({ read }) =>
    (await read("answer"))?.trim() === "slow" ? { afterMs: Infinity } : { execute: true },
  );
  const env = { GH_TOKEN: github.createToken({ login: "acme" }) };
  const text = `github: { url: "${github.url}", poll_seconds: 0.05, first_run_seconds: 1, settle_seconds: 0.1 }`;
  const { config } = loadConfig({ userYaml: { file: "config", text } });
  const clock = { now: Date.now, awake: () => performance.now(), sleep: async () => {} };
  const connected = await connectGitHub({ config: config.github, env, clock }, signal);
  const address = gitHubAddressOf("acme/shop", config.github)!;
  const asked = { address, base: "HEAD", home: root, identity: config.git };
  const place = await gitHubPlace(connected, asked, signal);
  const workspace = gitWorkspace({
    home: root,
    repository: place.repository,
    base: place.base,
    branch,
    taskId,
    pushed: null,
    identity: config.git,
    mark: "contract",
    credentials: place.credentials,
  });
  const told = { newsAt: null, hookOfRunsAt: null };
  const redact = (line: string) => line;
  const scope = { connected, place, home: root, config, clock, redact, told };
  const ports = gitHubTaskPorts(scope, workspace, taskState());
  return {
    ...ports,
    github,
    repository,
    /** As the worker pushes. */
    async push(answer: string) {
      const { path } = await ports.workspace.prepare(signal);
      await writeFile(join(path, "answer"), `${answer}\n`);
      const { head } = await ports.workspace.commit({ subject: answer, trailers: [] }, signal);
      const before = (await repository.sha(branch)) ?? null;
      expect(await ports.workspace.push(head, before, signal)).toEqual({ is: "pushed" });
      return head;
    },
    async [Symbol.asyncDispose]() {
      await github[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function taskState(): TaskState {
  const task = {
    id: taskId,
    repo: "acme/shop",
    base: "HEAD",
    branch,
    title: "Answer with 42",
    prompt: "Answer with 42.",
    agent: "scripted",
    createdBy: "kim",
    createdAt: 0,
  };
  const budget = { maxAttempts: 5, maxAgentMs: 600_000, deadline: null };
  return begin({ type: "task_created", at: 0, task, budget });
}

ciContract("GitHub", async ({ without }) => {
  const world = await make({ without });
  return {
    ...world,
    timesJudged: async (sha) =>
      world.repository.runs(sha).reduce((sum, run) => sum + run.attempts.length, 0),
  };
});

forgeContract("GitHub", async () => {
  const world = await make();
  const base = (await world.repository.sha("main"))!;
  const head = await world.push("42");
  return {
    ...world,
    head,
    base,
    moveBase: () => world.repository.commit("main", { other: "x\n" }),
    onBase: (path) => world.repository.read("main", path),
  };
});
