import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { githubVerdict, type Sha } from "@ampx/core";
import {
  Branch,
  JobList,
  Nothing,
  Pulls,
  Repo,
  RunList,
  WorkflowList,
  type ListedRun,
} from "@ampx/worker/github/answers/index";
import { createGitHubClient, type GitHubClient } from "@ampx/worker/github/client";
import { createCredentials } from "@ampx/worker/github/credentials";
import { downloadJobLog } from "@ampx/worker/github/job-logs";
import { describe, expect, test } from "vitest";
import { startRecorded } from "./recorded-server.ts";

// What GitHub has really answered, read by our client. The recordings are those of hub4j/github-api, which are not ours to ship: point
// RECORDINGS_OF_GITHUB at its folder src/test/resources/org/kohsuke/github, or at a copy of it.

const root = process.env["RECORDINGS_OF_GITHUB"] ?? "";
const { signal } = new AbortController();
const tests = { owner: "hub4j-test-org", name: "GHWorkflowRunTest" };
const call = { repository: tests, signal };
const repo = `/repos/${tests.owner}/${tests.name}`;

async function replay(name: string) {
  const server = await startRecorded(foldersOf(name));
  const clock = { now: Date.now, awake: () => performance.now(), sleep: async () => {} };
  const identity = { is: "token", token: "ghp_recorded", from: "test" } as const;
  const credentials = createCredentials({ api: server.url, identity, clock });
  const urls = { api: server.url, graphql: `${server.url}/graphql` };
  const client = createGitHubClient({ ...urls, credentials, clock, writePauseMs: 0 });
  const folder = await mkdtemp(join(tmpdir(), "ampx-recorded-"));
  return {
    server,
    client,
    folder,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** Of a scenario, such as `GHWorkflowRunTest/testJobs`: GitHub's own answers, then those of other hosts. */
function foldersOf(name: string): string[] {
  const [suite = "", scenario = ""] = name.split("/");
  const all = join(root, suite, "wiremock");
  const names = readdirSync(all).filter((one) => one.startsWith(`${scenario}_`));
  return [scenario, ...names].map((one) => join(all, one));
}

function scenarios(): string[] {
  return ["GHWorkflowRunTest", "GHWorkflowTest"].flatMap((suite) =>
    existsSync(join(root, suite))
      ? readdirSync(join(root, suite, "wiremock"))
          .filter((name) => !name.includes("_") && name !== editedByHand)
          .map((name) => `${suite}/${name}`)
      : [],
  );
}

/** Its repository has lost most fields. */
const editedByHand = "testRerunVariants";

/** What we read, by where it is read. */
const shapes: [RegExp, Parameters<GitHubClient["get"]>[1]][] = [
  [/^\/repos\/[^/]+\/[^/]+$/, Repo],
  [/\/actions\/(workflows\/\d+\/)?runs$/, RunList],
  [/\/actions\/runs\/\d+\/jobs$/, JobList],
  [/\/actions\/workflows$/, WorkflowList],
  [/\/branches\/[^/]+$/, Branch],
  [/\/pulls$/, Pulls],
];

/** Judges a commit by the runs that a list has of it. */
function verdictOf(runs: ListedRun[], sha: Sha) {
  const newest = Math.max(...runs.map(({ updatedAt }) => updatedAt));
  return githubVerdict({
    sha,
    now: newest + 3_600_000,
    since: newest,
    runs: runs.filter(({ headSha }) => headSha === sha),
    checks: [],
    statuses: [],
    required: null,
    expected: [],
    vanished: [],
    supersededBy: null,
    failFast: false,
    firstRunMs: 90_000,
    settleMs: 20_000,
  });
}

describe.skipIf(root === "")("recorded traffic of GitHub, read by our client", () => {
  test.each(scenarios())("%s: every answer that we would read can be read", async (name) => {
    await using world = await replay(name);
    for (const { method, path, status } of world.server.exchanges) {
      const shape = shapes.find(([of]) => of.test(path))?.[1];
      if (method !== "GET" || status !== 200 || shape === undefined) continue;
      await world.client.get(`${path}?per_page=100`, shape, call);
    }
    expect(world.server.asked.length).toBeGreaterThan(0);
  });

  test("the logs of jobs lie elsewhere, and are got without the token", async () => {
    await using world = await replay("GHWorkflowRunTest/testJobs");
    const { jobs } = await world.client.get(`${repo}/actions/runs/719643947/jobs`, JobList, call);
    expect(jobs.map(({ conclusion }) => conclusion)).toEqual(["success", "success"]);
    for (const { id } of jobs) {
      const file = join(world.folder, `${id}.log`);
      const path = `${repo}/actions/jobs/${id}/logs`;
      expect(await downloadJobLog(world.client, path, file, call)).toBe(true);
      expect(await readFile(file, "utf8")).toMatch(/^\uFEFF?2021-04-05T15:4\d:\d\d\.\d+Z /);
    }
    const elsewhere = world.server.asked.filter(({ path }) => path.startsWith("/elsewhere/"));
    expect(elsewhere).toHaveLength(2);
    for (const { headers } of elsewhere) expect(headers.authorization).toBeUndefined();
  });

  test("cancel and re-run are taken, with an empty answer", async () => {
    await using world = await replay("GHWorkflowRunTest/testCancelAndRerun");
    const run = `${repo}/actions/runs/686036126`;
    for (const verb of ["cancel", "rerun", "cancel"])
      expect(
        await world.client.send("POST", `${run}/${verb}`, undefined, Nothing, call),
      ).toMatchObject({ is: "done" });
    await using failed = await replay("GHWorkflowRunTest/testRerunVariants");
    const path = `${run}/rerun-failed-jobs`;
    const sent = await failed.client.send("POST", path, undefined, Nothing, call);
    expect(sent).toMatchObject({ is: "done" });
  });

  test("a run that waits for approval is held for a person", async () => {
    await using world = await replay("GHWorkflowRunTest/testApproval");
    const list = await world.client.get(`${repo}/actions/runs`, RunList, call);
    const run = list.workflow_runs.find(({ id }) => id === 2_874_767_918);
    expect(verdictOf(list.workflow_runs, run?.headSha ?? "")).toMatchObject({
      is: "blocked",
      reason: expect.stringContaining("waits for a person's approval"),
    });
  });

  test("a workflow that could not start is red", async () => {
    await using world = await replay("GHWorkflowRunTest/testStartupFailureConclusion");
    const path = `${repo}/actions/workflows/75497789/runs`;
    const list = await world.client.get(path, RunList, call);
    const [run] = list.workflow_runs;
    expect(run?.conclusion).toBe("startup_failure");
    expect(verdictOf(list.workflow_runs, run?.headSha ?? "")).toMatchObject({ is: "failed" });
  });

  test("a deleted log is gone, and a deleted run is not there", async () => {
    await using world = await replay("GHWorkflowRunTest/testDelete");
    const run = world.client.get(`${repo}/actions/runs/686038131`, Nothing, call);
    await expect(run).rejects.toThrow(/not there/);
    await using logs = await replay("GHWorkflowRunTest/testLogs");
    const path = `${repo}/actions/runs/711446981/logs`;
    expect(await logs.client.locate(path, call)).toMatchObject({ is: "at" });
    expect(await logs.client.locate(path, call)).toEqual({ is: "gone", status: 404 });
  });
});
