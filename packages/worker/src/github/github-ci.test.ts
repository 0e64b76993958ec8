import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createGitHubClient } from "./client.ts";
import { createCommitMemories } from "./commit-memory.ts";
import { createCredentials } from "./credentials.ts";
import { handClock, standIn, type Reply } from "./fixture.ts";
import { gitHubCi } from "./github-ci.ts";

const sha = "a".repeat(40);
const { signal } = new AbortController();
const root = "/repos/acme/shop";

type Replies = Record<string, Reply>;

function run(more: Record<string, unknown> = {}) {
  const at = new Date().toISOString();
  return {
    id: 1,
    name: "CI",
    workflow_id: 7,
    path: ".github/workflows/ci.yml",
    event: "push",
    run_attempt: 1,
    head_sha: sha,
    head_branch: "amp/answer",
    status: "completed",
    conclusion: "success",
    check_suite_id: 100,
    html_url: "https://github.test/run/1",
    created_at: at,
    run_started_at: at,
    updated_at: at,
    ...more,
  };
}

const runs = (...list: unknown[]): Reply => ({
  body: { total_count: list.length, workflow_runs: list },
});

async function world(
  replies: Replies,
  more: { on?: string; message?: string; pushedAgoMs?: number } = {},
) {
  const all: Replies = {
    [`GET ${root}/actions/runs?per_page=100`]: runs(),
    [`GET ${root}/actions/runs?head_sha=${sha}&per_page=100`]: runs(),
    [`GET ${root}/commits/${sha}/check-runs?per_page=100&filter=latest`]: {
      body: { check_runs: [] },
    },
    [`GET ${root}/commits/heads%2Famp%2Fanswer/status?per_page=100`]: {
      body: { sha, state: "pending", statuses: [] },
    },
    [`GET ${root}/rules/branches/main?per_page=100`]: { body: [] },
    [`GET ${root}/branches/amp/answer`]: { body: { commit: { sha } } },
    [`GET ${root}/pulls?head=acme%3Aamp%2Fanswer&state=open&per_page=100`]: { body: [] },
    ...replies,
  };
  // On a tick, and on one of the longer ones.
  const clock = handClock(Math.ceil(Date.now() / 20_000) * 20_000);
  const server = await standIn((asked) => {
    const reply = all[`${asked.method} ${asked.path}`];
    return reply;
  }, clock.now);
  const folder = await mkdtemp(join(tmpdir(), "ampx-ci-"));
  const since = clock.now() - (more.pushedAgoMs ?? 10_000);
  const credentials = createCredentials({
    api: server.url,
    identity: { is: "token", token: "ghp_secret", from: "GH_TOKEN" },
    clock,
  });
  const client = createGitHubClient({
    api: server.url,
    graphql: `${server.url}/graphql`,
    credentials,
    clock,
  });
  const drafts: string[] = [];
  const ci = gitHubCi({
    client,
    repository: { owner: "acme", name: "shop" },
    branch: "amp/answer",
    base: "main",
    memories: createCommitMemories(),
    pushedAt: (of) => (of === sha ? since : null),
    factsOf: async () => ({
      workflows: [{ path: ".github/workflows/ci.yml", text: more.on ?? "on: push", state: null }],
      message: more.message ?? "Answer",
      files: ["answer"],
    }),
    openDraft: async (of) => void drafts.push(of),
    folder,
    clock,
    failFast: false,
    firstRunMs: 90_000,
    settleMs: 20_000,
    pollMs: 10_000,
    ownToken: false,
  });
  return {
    ci,
    clock,
    server,
    drafts,
    all,
    folder,
    posts: () =>
      server.asked
        .filter(({ method }) => method !== "GET")
        .map(({ method, path }) => `${method} ${path}`),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const listed = `GET ${root}/actions/runs?per_page=100`;
const ofSha = `GET ${root}/actions/runs?head_sha=${sha}&per_page=100`;

test("waits for the first run, then for its end, then lets it settle", async () => {
  await using w = await world({});
  expect(await w.ci.verdict(sha, signal)).toMatchObject({
    is: "running",
    reason: "waits for the first run",
  });
  w.all[listed] = runs(run({ status: "in_progress", conclusion: null }));
  w.clock.pass(20_000);
  expect(await w.ci.verdict(sha, signal)).toMatchObject({
    is: "running",
    reason: "CI runs",
    lookAgainMs: 10_000,
  });
  w.all[listed] = runs(run());
  w.clock.pass(10_000);
  expect(await w.ci.verdict(sha, signal)).toEqual({
    is: "passed",
    run: "https://github.test/run/1",
  });
});

test("a run that goes on costs one question a look", async () => {
  await using w = await world({ [listed]: runs(run({ status: "in_progress", conclusion: null })) });
  await w.ci.verdict(sha, signal);
  const before = w.server.asked.length;
  w.clock.pass(10_000);
  await w.ci.verdict(sha, signal);
  expect(w.server.asked.slice(before).map(({ path }) => path)).toEqual([
    `${root}/actions/runs?per_page=100`,
  ]);
});

test("nothing is asked at the moment of the push, and no check is while a run is sure to come", async () => {
  await using w = await world({}, { pushedAgoMs: 0 });
  expect(await w.ci.verdict(sha, signal)).toMatchObject({
    reason: "waits for the first run",
    lookAgainMs: 10_000,
  });
  expect(w.server.asked).toEqual([]);
  w.clock.pass(10_000);
  await w.ci.verdict(sha, signal);
  const paths = w.server.asked.map(({ path }) => path);
  expect(paths).toContain(`${root}/actions/runs?per_page=100`);
  expect(paths.filter((path) => path.includes("/commits/"))).toEqual([]);
});

test("many who wait in one repository look at every second tick, and ask for one listing", async () => {
  const shas = Array.from({ length: 40 }, (_, n) => n.toString(16).padStart(40, "0"));
  const going = { status: "in_progress", conclusion: null };
  const list = shas.map((head_sha, id) => run({ id, head_sha, ...going }));
  await using w = await world({ [listed]: runs(...list) });
  const pauses = new Set<number | undefined>();
  for (const one of shas) {
    const found = await w.ci.verdict(one, signal);
    pauses.add(found.is === "running" ? found.lookAgainMs : undefined);
  }
  expect([...pauses]).toEqual([10_000, 20_000]);
  const asked = w.server.asked.filter(({ path }) => path.includes("/actions/runs"));
  expect(asked).toHaveLength(1);
});

test("statuses that cannot be read by the branch are read by the commit", async () => {
  const created = new Date().toISOString();
  await using w = await world({
    [listed]: runs(run()),
    [`GET ${root}/commits/heads%2Famp%2Fanswer/status?per_page=100`]: { status: 422, body: {} },
    [`GET ${root}/commits/${sha}/status?per_page=100`]: {
      body: { sha, statuses: [{ context: "ci/old", state: "failure", created_at: created }] },
    },
  });
  expect(await w.ci.verdict(sha, signal)).toMatchObject({ is: "failed", jobs: ["ci/old"] });
});

test("a run that vanishes from the list does not make what is left of it green", async () => {
  const other = run({
    id: 2,
    workflow_id: 8,
    name: "Deploy",
    check_suite_id: 101,
    status: "queued",
    conclusion: null,
  });
  await using w = await world({ [listed]: runs(run(), other) });
  await w.ci.verdict(sha, signal);
  w.all[listed] = runs(run());
  w.clock.pass(60_000);
  expect(await w.ci.verdict(sha, signal)).toMatchObject({
    is: "running",
    reason: expect.stringContaining("Deploy"),
  });
});

test("without any run there is none, with its reason", async () => {
  await using w = await world({}, { on: "on:\n  push:\n    branches: [main]" });
  w.clock.pass(79_000);
  expect((await w.ci.verdict(sha, signal)).is).toBe("running");
  w.clock.pass(1_000);
  expect(await w.ci.verdict(sha, signal)).toEqual({
    is: "none",
    reason: "ci.yml runs on pushes to main only",
  });
});

test("a disabled workflow is named by what GitHub says of it", async () => {
  await using w = await world({
    [`GET ${root}/actions/workflows?per_page=100`]: {
      body: { workflows: [{ path: ".github/workflows/ci.yml", state: "disabled_inactivity" }] },
    },
    [`GET ${root}/pulls?head=acme%3Aamp%2Fanswer&state=open&per_page=100`]: { body: [] },
  });
  w.clock.pass(80_000);
  expect(await w.ci.verdict(sha, signal)).toEqual({
    is: "none",
    reason: "ci.yml is disabled on GitHub",
  });
});

test("workflows that run on pull requests only get one, as a draft", async () => {
  await using w = await world(
    { [`GET ${root}/pulls?head=acme%3Aamp%2Fanswer&state=open&per_page=100`]: { body: [] } },
    { on: "on: pull_request" },
  );
  expect(await w.ci.verdict(sha, signal)).toMatchObject({
    is: "running",
    reason: expect.stringContaining("a draft pull request is open"),
  });
  expect(w.drafts).toEqual([sha]);
});

test("a branch that a person moved or deleted is said to be so", async () => {
  await using w = await world({
    [`GET ${root}/branches/amp/answer`]: { status: 404, body: { message: "Branch not found" } },
  });
  w.clock.pass(80_000);
  expect(await w.ci.verdict(sha, signal)).toMatchObject({
    is: "moved",
    found: null,
    reason: "the branch amp/answer was deleted on GitHub; ampx continue pushes it again",
  });
});

test("what is cancelled is run again, once, and waited for until GitHub shows it", async () => {
  const cancelled = run({ conclusion: "cancelled" });
  await using w = await world({
    [listed]: runs(cancelled),
    [ofSha]: runs(cancelled),
    [`POST ${root}/actions/runs/1/rerun`]: { status: 201, body: {} },
  });
  expect((await w.ci.verdict(sha, signal)).is).toBe("errored");
  await w.ci.rerun(sha, signal);
  expect(await w.ci.verdict(sha, signal)).toMatchObject({
    is: "running",
    reason: "CI is about to run again",
  });
  await w.ci.rerun(sha, signal);
  expect(w.posts()).toEqual([`POST ${root}/actions/runs/1/rerun`]);
});

test("of a red run the failed jobs are run again; what runs is left alone", async () => {
  await using w = await world({
    [ofSha]: runs(run({ conclusion: "failure" })),
    [`POST ${root}/actions/runs/1/rerun-failed-jobs`]: { status: 201, body: {} },
  });
  await w.ci.rerun(sha, signal);
  expect(w.posts()).toEqual([`POST ${root}/actions/runs/1/rerun-failed-jobs`]);
  await using busy = await world({ [ofSha]: runs(run({ status: "queued", conclusion: null })) });
  await busy.ci.rerun(sha, signal);
  expect(busy.posts()).toEqual([]);
});

test("cancels what runs for the task's branch, and no other's", async () => {
  const open = { status: "in_progress", conclusion: null };
  await using w = await world({
    [ofSha]: runs(run(open), run({ ...open, id: 2, head_branch: "main" }), run({ id: 3 })),
    [`POST ${root}/actions/runs/1/cancel`]: { status: 202, body: {} },
  });
  await w.ci.cancel(sha);
  expect(w.posts()).toEqual([`POST ${root}/actions/runs/1/cancel`]);
});

test("a cancel that is not permitted stands in nobody's way", async () => {
  await using w = await world({
    [ofSha]: runs(run({ status: "queued", conclusion: null })),
    [`POST ${root}/actions/runs/1/cancel`]: {
      status: 403,
      body: { message: "Must have admin rights" },
    },
  });
  await w.ci.cancel(sha);
});

test("gets the log of each failed job, and shows the token to GitHub alone", async () => {
  const log = "2026-11-21T10:00:00.0000000Z ##[error]FAIL: the answer is 41\n";
  await using blobs = await standIn(() => (_request, response) => response.writeHead(200).end(log));
  const job = { id: 5, name: "unit", status: "completed", conclusion: "failure" };
  const gone = {
    ...job,
    id: 6,
    name: "lint / a:b",
    steps: [{ name: "Lint", conclusion: "failure" }],
  };
  await using w = await world({
    [listed]: runs(run({ conclusion: "failure" })),
    [`GET ${root}/actions/runs/1/jobs?filter=latest&per_page=100`]: {
      body: { jobs: [job, gone, { ...job, id: 7, conclusion: "success" }] },
    },
    [`GET ${root}/actions/jobs/5/logs`]: {
      status: 302,
      headers: { location: `${blobs.url}/blob?sig=1` },
    },
    [`GET ${root}/actions/jobs/6/logs`]: { status: 410, body: { message: "Gone" } },
    [`GET ${root}/check-runs/6/annotations?per_page=100`]: {
      body: [
        {
          path: "src/a.ts",
          start_line: 3,
          annotation_level: "failure",
          title: null,
          message: "unused variable",
        },
      ],
    },
  });
  const failures = await w.ci.failures(sha, signal);
  expect(failures.map((failure) => failure.job)).toEqual(["unit", "lint / a:b"]);
  expect(await readFile(failures[0]?.file ?? "", "utf8")).toBe(log);
  expect(await readFile(failures[1]?.file ?? "", "utf8")).toContain(
    "src/a.ts:3: error: unused variable",
  );
  expect(blobs.asked[0]?.headers["authorization"]).toBeUndefined();
  expect(w.server.asked[0]?.headers["authorization"]).toBe("Bearer ghp_secret");
  // Nobody has redacted them.
  await w.ci.forgetFailures?.(sha);
  await expect(readFile(failures[0]?.file ?? "")).rejects.toThrow("ENOENT");
  // The next look starts from nothing.
  w.all[listed] = runs();
  w.clock.pass(10_000);
  expect(await w.ci.failures(sha, signal)).toEqual([]);
});

test("a log whose address has expired is asked for anew at the next look", async () => {
  await using blobs = await standIn(() => ({ status: 403, body: "AuthenticationFailed" }));
  await using w = await world({
    [listed]: runs(run({ conclusion: "failure" })),
    [`GET ${root}/actions/runs/1/jobs?filter=latest&per_page=100`]: {
      body: { jobs: [{ id: 5, name: "unit", status: "completed", conclusion: "failure" }] },
    },
    [`GET ${root}/actions/jobs/5/logs`]: {
      status: 302,
      headers: { location: `${blobs.url}/blob` },
    },
  });
  await expect(w.ci.failures(sha, signal)).rejects.toThrow("could not be had: 403");
});

test("a workflow that could not start, another app's check and a status are told without a log", async () => {
  const check = {
    id: 50,
    name: "buildkite",
    head_sha: sha,
    status: "completed",
    conclusion: "failure",
    check_suite: { id: 9 },
    app: { id: 3, slug: "buildkite" },
    output: { title: "3 failed", summary: "see there" },
  };
  const status = {
    context: "ci/old",
    state: "error",
    description: "broke",
    target_url: "https://ci.test",
    created_at: new Date().toISOString(),
  };
  await using w = await world({
    [listed]: runs(run({ conclusion: "startup_failure" })),
    [`GET ${root}/actions/runs/1/jobs?filter=latest&per_page=100`]: { body: { jobs: [] } },
    [`GET ${root}/commits/${sha}/check-runs?per_page=100&filter=latest`]: {
      body: { check_runs: [check] },
    },
    [`GET ${root}/commits/heads%2Famp%2Fanswer/status?per_page=100`]: {
      body: { sha, state: "failure", statuses: [status] },
    },
  });
  expect(await w.ci.verdict(sha, signal)).toMatchObject({
    is: "failed",
    jobs: ["CI", "buildkite", "ci/old"],
  });
  const failures = await w.ci.failures(sha, signal);
  const texts = await Promise.all(failures.map(({ file }) => readFile(file, "utf8")));
  expect(texts[0]).toContain("The workflow file may be invalid");
  expect(texts[1]).toContain("3 failed\nsee there");
  expect(texts[2]).toContain("ci/old: error: broke https://ci.test");
});

test("a token that may not read check runs judges by the runs", async () => {
  await using w = await world({
    [listed]: runs(run()),
    [`GET ${root}/commits/${sha}/check-runs?per_page=100&filter=latest`]: {
      status: 403,
      body: { message: "Resource not accessible by personal access token" },
    },
  });
  w.clock.pass(30_000);
  expect((await w.ci.verdict(sha, signal)).is).toBe("passed");
});
