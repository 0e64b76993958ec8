import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isRunning } from "../left-processes.ts";
import { asking, plain } from "./asking.ts";
import { cloneOf } from "./clone.ts";
import type { FakeGitHub, GitHubOptions } from "./github.ts";
import { startGitHub } from "./github.ts";
import { ci, onPullRequest } from "./workflows.ts";

const start = Date.UTC(2026, 0, 1);
const path = ".github/workflows/ci.yml";

/** Its time passes only by `advance`. */
async function shop(files: Record<string, string> = { [path]: ci }, options: GitHubOptions = {}) {
  const github = await startGitHub({ now: () => start, ...options });
  const repository = await github.createRepository("acme/shop", { files });
  const ask = asking(github, github.createToken({ login: "acme" }));
  const runsOf = async (sha: string) =>
    (await ask(`GET /repos/acme/shop/actions/runs?head_sha=${sha}`)).body["workflow_runs"]!;
  return {
    github,
    repository,
    ask,
    runsOf,
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  };
}

test("a job is queued, then runs, then ends as planned, in its time", async () => {
  await using world = await shop();
  const { github, repository, runsOf } = world;
  github.plan({ workflow: "CI" }, { queuedMs: 10_000, afterMs: 60_000, conclusion: "failure" });
  const sha = await repository.commit("amp/a", { a: "a" });

  const seen = [];
  for (const ms of [0, 10_000, 60_000]) {
    await github.advance(ms);
    seen.push((await runsOf(sha))[0]);
  }

  expect(seen).toMatchObject([
    { status: "queued", conclusion: null },
    { status: "in_progress", conclusion: null },
    { status: "completed", conclusion: "failure" },
  ]);
});

test("a run may appear late, vanish from the listings for a while, or never come", async () => {
  await using world = await shop();
  const { github, repository, runsOf } = world;
  github.planRun({ branch: "late" }, { appearsAfterMs: 30_000, hiddenMs: [[5_000, 9_000]] });
  github.planRun({ branch: "lost" }, { dropped: true });
  const late = await repository.commit("late", { a: "a" });
  const lost = await repository.commit("lost", { a: "b" });

  const counts: number[] = [];
  for (const ms of [0, 30_000, 5_000, 4_000]) {
    await github.advance(ms);
    counts.push(Number((await runsOf(late))["length"]));
  }

  expect(counts).toEqual([0, 1, 0, 1]);
  expect(await runsOf(lost)).toEqual([]);
});

test("a job exists only once what it needs has ended, and is skipped when that failed", async () => {
  const chained = `name: CI
on: push
jobs:
  build: { runs-on: x, steps: [{ run: make }] }
  test: { runs-on: x, needs: build, steps: [{ run: make test }] }
  tell: { runs-on: x, needs: [build, test], if: always(), steps: [{ run: echo }] }
`;
  await using world = await shop({ [path]: chained });
  const { github, repository, ask, runsOf } = world;
  github.plan(
    { job: "build" },
    { afterMs: 1_000, conclusion: "failure", log: "no rule to make target" },
  );
  const sha = await repository.commit("amp/a", { a: "a" });
  const jobs = async () => {
    const url = plain((await runsOf(sha))[0]?.jobs_url);
    return (await ask(`GET ${url}`)).body["jobs"]!;
  };

  const before = await jobs();
  await github.advance(1_000);

  expect(before).toMatchObject([{ name: "build" }]);
  expect(await jobs()).toMatchObject([
    { name: "build", conclusion: "failure" },
    { name: "test", conclusion: "skipped" },
    { name: "tell", conclusion: "success" },
  ]);
  expect((await runsOf(sha))[0]).toMatchObject({ status: "completed", conclusion: "failure" });
});

test("a re-run of the failed jobs keeps the id of the run, counts its attempts and leaves what passed", async () => {
  const two = `name: CI
on: push
jobs:
  good: { runs-on: x, steps: [{ run: "true" }] }
  flaky: { runs-on: x, steps: [{ run: maybe }] }
`;
  await using world = await shop({ [path]: two });
  const { github, repository, ask, runsOf } = world;
  github.plan({ job: "flaky", attempt: 1 }, { conclusion: "failure" });
  const sha = await repository.commit("amp/a", { a: "a" });
  const [red] = [(await runsOf(sha))[0]];

  const again = await ask(`POST /repos/acme/shop/actions/runs/${plain(red?.id)}/rerun-failed-jobs`);

  expect(again).toMatchObject({ status: 201, body: {} });
  const green = (await runsOf(sha))[0];
  expect(red).toMatchObject({ run_attempt: 1, conclusion: "failure" });
  expect(green).toMatchObject({ id: red?.id, run_attempt: 2, conclusion: "success" });
  const latest = await ask(`GET /repos/acme/shop/actions/runs/${plain(red?.id)}/jobs`);
  expect(latest.body["jobs"]).toMatchObject([
    { name: "good", run_attempt: 1 },
    { name: "flaky", run_attempt: 2, conclusion: "success" },
  ]);
  const first = await ask(`GET /repos/acme/shop/actions/runs/${plain(red?.id)}/attempts/1`);
  expect(first.body).toMatchObject({ run_attempt: 1, conclusion: "failure" });
  const never = await ask(`POST /repos/acme/shop/actions/runs/${plain(red?.id)}/rerun-failed-jobs`);
  expect(never).toMatchObject({ status: 403 });
});

test("a run can be cancelled while it goes on, and not after", async () => {
  await using world = await shop();
  const { github, repository, ask, runsOf } = world;
  github.plan({}, { afterMs: Infinity });
  const sha = await repository.commit("amp/a", { a: "a" });
  const id = plain((await runsOf(sha))[0]?.id);

  expect(await ask(`POST /repos/acme/shop/actions/runs/${id}/cancel`)).toMatchObject({
    status: 202,
    body: {},
  });

  expect((await runsOf(sha))[0]).toMatchObject({ status: "completed", conclusion: "cancelled" });
  expect(await ask(`POST /repos/acme/shop/actions/runs/${id}/cancel`)).toMatchObject({
    status: 409,
  });
});

test("a newer push supersedes the run of the same concurrency group", async () => {
  const grouped = `${ci}concurrency: { group: "\${{ github.workflow }}-\${{ github.ref }}", cancel-in-progress: true }\n`;
  await using world = await shop({ [path]: grouped });
  const { github, repository, runsOf } = world;
  github.plan({}, { afterMs: 60_000 });
  const older = await repository.commit("amp/a", { a: "a" });
  const other = await repository.commit("amp/b", { a: "other" });
  const newer = await repository.commit("amp/a", { a: "b" });

  expect((await runsOf(older))[0]).toMatchObject({ conclusion: "cancelled" });
  expect((await runsOf(other))[0]).toMatchObject({ status: "in_progress" });
  expect((await runsOf(newer))[0]).toMatchObject({ status: "in_progress" });
});

test("runs of push and of pull_request share the head commit; a conflict has none of the latter", async () => {
  const review = ".github/workflows/review.yml";
  await using world = await shop({ [path]: ci, [review]: onPullRequest, a: "1" });
  const { repository, runsOf } = world;
  const sha = await repository.commit("amp/a", { a: "2" });
  const before = await runsOf(sha);
  const { number } = await repository.openPull("amp/a");
  const after = await runsOf(sha);
  await repository.commit("main", { a: "3" });
  const conflicting = await repository.commit("amp/a", { a: "4" });

  expect(before).toMatchObject([{ event: "push" }]);
  expect(after).toMatchObject([
    { event: "pull_request", head_sha: sha, head_branch: "amp/a", pull_requests: [{ number }] },
    { event: "push", head_sha: sha },
  ]);
  expect(await runsOf(conflicting)).toMatchObject([{ event: "push" }]);
});

test.each(["[skip ci] words", "words [no ci]", "Words\n\nskip-checks: true"])(
  "a commit that says %j has no runs",
  async (message) => {
    await using world = await shop();
    const sha = await world.repository.commit("amp/a", { a: "a" }, { message });
    expect(await world.runsOf(sha)).toEqual([]);
  },
);

test.each([
  ["a branch that is filtered out", "on: { push: { branches: [main, 'release/**'] } }", 0],
  ["a branch that is filtered in", "on: { push: { branches: ['amp/*'] } }", 1],
  ["paths that are left out", "on: { push: { paths-ignore: ['a'] } }", 0],
  ["paths that are asked for", "on: { push: { paths: ['src/**', a] } }", 1],
  ["another event", "on: workflow_dispatch", 0],
])("a push with %s makes as many runs as GitHub would", async (_, on, runs) => {
  await using world = await shop({ [path]: ci.replace("on: [push]", on) });
  const sha = await world.repository.commit("amp/a", { a: "a" });
  expect(await world.runsOf(sha)).toHaveLength(runs);
});

test("nothing runs where Actions or the workflow are disabled", async () => {
  await using world = await shop();
  const { github, repository, runsOf } = world;
  repository.disableWorkflow(path);
  const disabled = await repository.commit("amp/a", { a: "a" });
  expect(await runsOf(disabled)).toEqual([]);
  expect(
    (await world.ask("GET /repos/acme/shop/actions/workflows")).body["workflows"],
  ).toMatchObject([{ path, state: "disabled_manually" }]);
  repository.disableActions();
  expect(await runsOf(await repository.commit("amp/a", { a: "b" }))).toEqual([]);
  expect(github.bugs).toEqual([]);
});

test("a workflow file that cannot be read fails at its start, without jobs", async () => {
  await using world = await shop({ [path]: "name: CI\non: push\njobs: {}\n" });
  const sha = await world.repository.commit("amp/a", { a: "a" });
  const run = (await world.runsOf(sha))[0];
  const jobs = await world.ask(`GET /repos/acme/shop/actions/runs/${plain(run?.id)}/jobs`);

  expect(run).toMatchObject({ status: "completed", conclusion: "startup_failure" });
  expect(jobs.body).toEqual({ total_count: 0, jobs: [] });
});

test("a run that waits for approval begins when it is approved", async () => {
  await using world = await shop();
  const { github, repository, ask, runsOf } = world;
  github.planRun({}, { conclusion: "action_required" });
  const sha = await repository.commit("amp/a", { a: "a" });
  const waiting = (await runsOf(sha))[0];

  await ask(`POST /repos/acme/shop/actions/runs/${plain(waiting?.id)}/approve`);

  expect(waiting).toMatchObject({ status: "completed", conclusion: "action_required" });
  expect((await runsOf(sha))[0]).toMatchObject({ id: waiting?.id, conclusion: "success" });
});

test("a matrix is one job for each of its combinations", async () => {
  const matrix = `on: push
jobs:
  test:
    name: "on \${{ matrix.os }}, \${{ matrix.node }}"
    runs-on: x
    strategy: { matrix: { os: [linux, mac], node: [24], exclude: [{ os: mac }], include: [{ os: windows, node: 26 }] } }
    steps: [{ run: "true" }]
`;
  await using world = await shop({ [path]: matrix });
  const sha = await world.repository.commit("amp/a", { a: "a" });
  const checks = await world.ask(`GET /repos/acme/shop/commits/${sha}/check-runs`);
  expect(checks.body["check_runs"]).toMatchObject([
    { name: "on linux, 24" },
    { name: "on windows, 26" },
  ]);
});

test("the listings take only full commits, and an empty one filters nothing", async () => {
  await using world = await shop();
  const sha = await world.repository.commit("amp/a", { a: "a" });
  expect(await world.runsOf(sha.slice(0, 8))).toEqual([]);
  expect(await world.runsOf("")).toHaveLength(1);
});

test("jobs can be run for real, in a checkout of the commit", async () => {
  await using world = await shop({ [path]: ci, "ci.sh": "exit 0\n" }, { now: Date.now });
  const { github, repository, ask } = world;
  github.plan({}, { execute: true });
  const sha = await repository.commit("amp/a", { "ci.sh": "echo is $GITHUB_SHA; exit 3\n" });

  const ended = await poll(github, () => repository.runs(sha)[0]?.attempts[0]?.conclusion);

  expect(ended).toBe("failure");
  const job = repository.runs(sha)[0]!.attempts[0]!.jobs[0]!;
  const { headers } = await ask(`GET /repos/acme/shop/actions/jobs/${job.id}/logs`);
  const log = await (
    await fetch(headers.get("location")!, { headers: { connection: "close" } })
  ).text();
  expect(log).toContain(`is ${sha}\n`);
  expect(log).toContain("##[error]Process completed with exit code 3.");
});

test("what a workflow pushes with its own token runs nothing", async () => {
  await using world = await shop();
  const { github, repository, runsOf } = world;
  const given = { login: "acme", kind: "actions", permissions: { contents: "write" } } as const;
  await using clone = await cloneOf(repository.cloneUrl, github.createToken(given));
  const sha = await clone.commit({ a: "a" });
  const { failed } = await clone.git("push", "origin", "HEAD:refs/heads/made");

  expect(failed).toBe(false);
  expect(await repository.sha("made")).toBe(sha);
  expect(await runsOf(sha)).toEqual([]);
});

test("a job that is really run ends with all it started when it is cancelled, or when GitHub is closed", async () => {
  await using folder = await temporaryFolder();
  const script = `sleep 1000 & echo $! >> "${folder.path}/pids"; wait\n`;
  const pids = async () =>
    (await readFile(join(folder.path, "pids"), "utf8").catch(() => "")).split("\n").filter(Boolean);
  {
    await using world = await shop({ [path]: ci, "ci.sh": script }, { now: Date.now });
    const { github, repository } = world;
    github.plan({}, { execute: true });
    const first = await repository.commit("amp/a", { a: "a" });
    await poll(github, async () => ((await pids()).length === 1 ? true : undefined));
    repository.cancel(repository.runs(first)[0]!.id);
    await repository.commit("amp/b", { a: "b" });
    await poll(github, async () => ((await pids()).length === 2 ? true : undefined));
  }
  for (const pid of await pids()) expect(isRunning(Number(pid))).toBe(false);
});

async function temporaryFolder() {
  const created = await mkdtemp(join(tmpdir(), "pids-"));
  return {
    path: created,
    [Symbol.asyncDispose]: () => rm(created, { recursive: true, force: true }),
  };
}

async function poll<T>(
  github: FakeGitHub,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    await github.advance(0);
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > deadline) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
