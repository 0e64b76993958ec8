import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeGitHubWorld, type GitHubWorld } from "../github-tasks/github-world.ts";
import { untilReady } from "../github-tasks/waiting-tasks.ts";
import type { Figure } from "./figure.ts";
import { waitUntil } from "./wait-until.ts";

const second = 1_000;
const count = 5;
const ciMs = 300 * second;

/**
 * Five tasks on a demo repository, of which each is red once, from their start to their merge without a git command by hand; and a script that
 * pushes, polls and mends the same. Time is simulated for CI and its pauses, and real for all else: both are added up.
 */
export const githubTasks: Figure = {
  name: "github-tasks",
  async run(folder, signal) {
    return [
      {
        what: `five tasks, red and then green by five minutes of CI each: from start to green`,
        unit: "s",
        rounds: [{ measured: await byAmpx(signal), baseline: await byScript(folder, signal) }],
        baseline: "a script that pushes, asks every 5 s, and mends",
        target: { is: "ratio", of: "median", atMost: 1.2 },
      },
    ];
  },
};

/** Each writes its own file, first a wrong one. */
const turns = ["wrong", "right"].map((word) => [
  { run: `mkdir -p work && echo ${word} > "work/$(git branch --show-current | tr / -)"` },
  { say: `It is ${word}.` },
]);

async function demo(): Promise<GitHubWorld> {
  const world = await makeGitHubWorld({ simulated: true, turns, config: { slots: count } });
  world.github.planRun({}, { appearsAfterMs: 2 * second });
  world.github.plan({}, async ({ branch, read }) => {
    const word = await read(`work/${branch.replaceAll("/", "-")}`);
    const isRed = word?.trim() === "wrong";
    return { afterMs: ciMs, ...(isRed && { conclusion: "failure", log: "FAIL: it is wrong" }) };
  });
  return world;
}

async function byAmpx(signal: AbortSignal): Promise<number[]> {
  await using world = await demo();
  const { github, store, repository } = world;
  const startedAt = { simulated: github.now(), real: performance.now() };
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push(await world.createTask());
  await using _worker = await world.startWorker();
  await untilReady(world, ids, signal);
  // Of all five together, the pauses of this program included.
  const realMs = performance.now() - startedAt.real;
  const samples: number[] = [];
  for (const id of ids) {
    const events = (await store.newestEvents(id, 100)).map(({ event }) => event);
    const reds = events.filter(({ type }) => type === "ci_failed").length;
    const green = events.find(({ type }) => type === "ci_passed");
    if (reds !== 1 || green === undefined) throw new Error(`${id}: ${reds} reds`);
    samples.push((green.at - startedAt.simulated + realMs) / second);
  }

  for (const id of ids) await world.merge(id);
  const isMerged = async (id: string) => (await store.readTask(id))?.state.phase.name === "merged";
  await waitUntil(
    "five merges",
    async () => (await Promise.all(ids.map(isMerged))).every(Boolean),
    signal,
  );
  for (let n = 1; n <= count; n++)
    if ((await repository.read("main", `work/amp-task-${n}`))?.trim() !== "right")
      throw new Error(`the work of task ${n} is not on main`);
  return samples;
}

async function byScript(folder: string, signal: AbortSignal): Promise<number[]> {
  await using world = await demo();
  const { github, token } = world;
  const headers = { authorization: `Bearer ${token}` };
  const startedAt = { simulated: github.now(), real: performance.now() };
  const pushed = new Map<string, string>();
  const samples: number[] = [];
  const mend = async (branch: string, word: string) => {
    pushed.set(branch, await pushByHand(world, join(folder, branch), branch, word));
  };
  for (let n = 1; n <= count; n++) await mend(`amp/task-${n}`, "wrong");
  while (pushed.size > 0) {
    signal.throwIfAborted();
    await github.advance(5 * second);
    for (const [branch, sha] of pushed) {
      const url = `${github.apiUrl}/repos/acme/shop/actions/runs?head_sha=${sha}`;
      const answer = await fetch(url, { headers, signal });
      const { workflow_runs: runs } = (await answer.json()) as Runs;
      if (runs.length === 0 || runs.some(({ status }) => status !== "completed")) continue;
      if (runs.some(({ conclusion }) => conclusion !== "success")) {
        await mend(branch, "right");
        continue;
      }
      pushed.delete(branch);
      const ms = github.now() - startedAt.simulated + performance.now() - startedAt.real;
      samples.push(ms / second);
    }
  }
  return samples;
}

interface Runs {
  workflow_runs: { status: string; conclusion: string | null }[];
}

/** Returns the commit. */
async function pushByHand(
  { repository, token }: GitHubWorld,
  clone: string,
  branch: string,
  word: string,
): Promise<string> {
  const git = async (...args: string[]) =>
    (await promisify(execFile)("git", args, { cwd: clone })).stdout.trim();
  if (word === "wrong") {
    await mkdir(clone, { recursive: true });
    const url = new URL(repository.cloneUrl);
    url.username = "x-access-token";
    url.password = token;
    await git("clone", "--quiet", url.href, ".");
    await git("checkout", "--quiet", "-b", branch);
    await git("config", "user.name", "Kim");
    await git("config", "user.email", "kim@example.org");
    await mkdir(join(clone, "work"));
  }
  await writeFile(join(clone, "work", branch.replaceAll("/", "-")), `${word}\n`);
  await git("add", ".");
  await git("commit", "--quiet", "-m", word);
  await git("push", "--quiet", "origin", branch);
  return git("rev-parse", "HEAD");
}
