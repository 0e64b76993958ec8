import { setTimeout as sleep } from "node:timers/promises";
import { evolve, loadConfig, type Sha, type TaskEvent, type TaskId } from "@ampx/core";
import { git } from "@ampx/worker/git/index";
import { connectGitHub, gitHubAddressOf, gitHubPlace } from "@ampx/worker/github/index";
import type { GitHubWorld } from "./github-world.ts";

const { signal } = new AbortController();
const holder = { host: "world", pid: 1, startedAt: "world" };

/** Tasks that have pushed a commit each and wait for CI, without the agents and worktrees that led there; at most 100, before a worker runs. */
export async function waitingTasks(world: GitHubWorld, count: number): Promise<TaskId[]> {
  const ids: TaskId[] = [];
  for (let n = 0; n < count; n++) ids.push(await world.createTask());
  const branches = ids.map((_, n) => `amp/task-${n + 1}`);
  const { base, commits } = await pushAll(world, branches);

  const { github, store } = world;
  for (let n = 0; n < count; n++) {
    const now = github.now();
    const claim = await store.claim({ id: "world", holder, slots: count, leaseMs: 60_000, now });
    if (claim === undefined) throw new Error("no task is due");
    let { state, seq } = claim;
    const head = commits.get(state.task.branch) ?? "";
    for (const event of pushed(now, base, head)) {
      state = evolve(state, event);
      const result = await store.append(claim.lease, seq, event, state);
      if (result.is !== "appended") throw new Error(`${event.type}: ${result.is}`);
      seq = result.seq;
    }
    // Not due before all have got so far.
    await store.release(claim.lease, seq, { wakeAt: now + 1, reason: "CI", faults: 0, now });
  }
  return ids;
}

/** Waits until all are green and have their pull requests. */
export async function untilReady(
  { store }: GitHubWorld,
  ids: readonly TaskId[],
  stop: AbortSignal = AbortSignal.timeout(280_000),
): Promise<void> {
  for (const id of ids) {
    for (;;) {
      stop.throwIfAborted();
      const row = await store.readTask(id);
      if (row?.state.phase.name === "ready" && row.leaseHolder === null) break;
      if (row?.wakeAt === null && row.leaseHolder === null)
        throw new Error(`the task rests in ${JSON.stringify(row.state.phase)}`);
      await sleep(50);
    }
  }
}

/** How many milliseconds after the end of its runs the worker knew that each task is green. */
export async function verdictDelays(
  { store, repository }: GitHubWorld,
  ids: readonly TaskId[],
): Promise<number[]> {
  const delays = ids.map(async (id) => {
    const events = await store.newestEvents(id, 100);
    const passed = events.map(({ event }) => event).findLast(({ type }) => type === "ci_passed");
    if (passed?.type !== "ci_passed") throw new Error(`${id} is not green`);
    return passed.at - Math.max(...repository.runs(passed.sha).map(({ updatedAt }) => updatedAt));
  });
  return Promise.all(delays);
}

/** In the worker's own copy of the repository, where a task's worktree would have made it. */
async function pushAll(
  { github, home, repository, token }: GitHubWorld,
  branches: readonly string[],
): Promise<{ base: Sha; commits: Map<string, Sha> }> {
  const text = `github: { url: "${github.url}" }`;
  const { config } = loadConfig({ userYaml: { file: "config", text } });
  const clock = { now: () => github.now(), awake: () => 0, sleep: async () => {} };
  const options = { config: config.github, env: { GH_TOKEN: token }, clock };
  const connected = await connectGitHub(options, signal);
  const address = gitHubAddressOf(repository.cloneUrl, config.github)!;
  const asked = { address, base: "HEAD", home, identity: config.git };
  const place = await gitHubPlace(connected, asked, signal);
  const { gitDir } = place.repository;
  const here = { cwd: gitDir, gitDir, signal };
  const base = (await git(["rev-parse", "refs/remotes/origin/main"], here)).trim();
  const seconds = Math.floor(github.now() / 1_000);
  const commits = branches.map((branch, n) => {
    const message = `Answer ${n}`;
    const content = `${42 + n}\n`;
    return `commit refs/heads/${branch}
committer Kim <kim@example.org> ${seconds} +0000
data ${message.length}
${message}
from ${base}
M 100644 inline answer
data ${content.length}
${content}`;
  });
  await git(["fast-import", "--quiet"], { ...here, input: commits.join("\n") });
  const env = await place.credentials(signal);
  await git(["push", "--quiet", repository.cloneUrl, "refs/heads/amp/*:refs/heads/amp/*"], {
    ...here,
    env,
  });
  const format = "--format=%(refname:lstrip=2) %(objectname)";
  const refs = await git(["for-each-ref", format, "refs/heads/amp/"], here);
  const lines = refs.trim().split("\n");
  return { base, commits: new Map(lines.map((line) => line.split(" ") as [string, Sha])) };
}

function pushed(at: number, base: Sha, commit: Sha): TaskEvent[] {
  const turn = { ms: 60_000, outcome: "completed" as const, said: "Done." };
  const change = { tree: commit, base, files: 1, insertions: 1, deletions: 1 };
  return [
    { type: "started", at },
    { type: "prepared", at, worktree: "/nowhere", base, head: base },
    { type: "turn_started", at, resumed: false },
    { type: "turn_ended", at, ...turn },
    { type: "committed", at, commit, ...change },
    { type: "inspected", at, commit, findings: [], preflight: false },
    { type: "push_started", at, commit, expected: null },
    { type: "pushed", at, sha: commit },
  ];
}
