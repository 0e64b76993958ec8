import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { begin, evolve, loadConfig, type TaskEvent } from "@ampx/core";
import { openStore, type Store } from "@ampx/store";
import { expect, test } from "vitest";
import { createGitHubClient } from "../client.ts";
import type { GitHub } from "../connect.ts";
import { createCredentials } from "../credentials.ts";
import { handClock, standIn } from "../fixture.ts";
import { gitHubHost } from "../hosts.ts";
import { reviewDuty } from "./reviews.ts";

const { signal } = new AbortController();
const root = "/repos/acme/shop";
const start = Date.parse("2026-11-21T10:00:00Z");
const id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const sha = "a".repeat(40);

const untilReady: TaskEvent[] = [
  { type: "started", at: 1 },
  { type: "prepared", at: 2, worktree: "/w", base: sha, head: sha },
  { type: "turn_started", at: 3, resumed: false },
  { type: "turn_ended", at: 4, ms: 1, outcome: "completed", said: "Done." },
  {
    type: "committed",
    at: 5,
    commit: sha,
    tree: sha,
    base: sha,
    files: 1,
    insertions: 1,
    deletions: 0,
  },
  { type: "inspected", at: 6, commit: sha, findings: [], preflight: false },
  { type: "push_started", at: 7, commit: sha, expected: null },
  { type: "pushed", at: 8, sha },
  { type: "ci_passed", at: 9, sha, run: "r" },
  { type: "inspected", at: 10, commit: sha, findings: [], preflight: false },
  { type: "change_opened", at: 11, sha, change: "https://github.test/acme/shop/pull/4" },
];

/** A task whose pull request is open. */
async function readyTask(store: Store): Promise<void> {
  const task = {
    id,
    repo: "acme/shop",
    base: "main",
    branch: "amp/x",
    title: "X",
    prompt: "X",
    agent: "scripted",
    createdBy: "kim",
    createdAt: 0,
  };
  const budget = { maxAttempts: 5, maxAgentMs: 60_000, deadline: null };
  const created = { type: "task_created", at: 0, task, budget } as const;
  await store.createTask(created);
  const holder = { host: "here", pid: 1, startedAt: "boot" };
  const claim = await store.claim({ id: "w", holder, slots: 1, leaseMs: 10_000, now: 1 });
  let state = begin(created);
  for (const [index, event] of untilReady.entries()) {
    state = evolve(state, event);
    await store.append(claim!.lease, index + 1, event, state);
  }
  await store.release(claim!.lease, untilReady.length + 1, {
    wakeAt: null,
    reason: "you",
    faults: 0,
    now: 12,
  });
}

async function world() {
  const clock = handClock(start);
  const pull = {
    number: 4,
    html_url: "https://github.test/acme/shop/pull/4",
    state: "open",
    title: "X",
    body: null,
    merged_at: null as string | null,
    head: { ref: "amp/x", sha },
    base: { ref: "main" },
    created_at: iso(start - 60_000),
    updated_at: iso(start - 60_000),
  };
  const comments: Record<string, unknown>[] = [];
  const server = await standIn(({ path }) => {
    if (path.startsWith(`${root}/pulls?`)) return { body: pull.state === "open" ? [pull] : [] };
    if (path === `${root}/pulls/4`) return { body: { ...pull, merged_by: { login: "lee" } } };
    if (path.startsWith(`${root}/pulls/4/`)) return { body: [] };
    if (path.startsWith(`${root}/issues/4/comments`)) return { body: comments };
    const login = /collaborators\/(\w+)\/permission$/.exec(path)?.[1];
    if (login === undefined) return undefined;
    return { body: { permission: login === "kim" ? "write" : "read" } };
  }, clock.now);
  const credentials = createCredentials({
    api: server.url,
    identity: { is: "token", token: "ghp_secret", from: "GH_TOKEN" },
    clock,
  });
  const client = createGitHubClient({ api: server.url, graphql: server.url, credentials, clock });
  const folder = await mkdtemp(join(tmpdir(), "ampx-inbox-"));
  const store = await openStore({ file: join(folder, "db"), redact: (text) => text });
  await readyTask(store);
  const scope = {
    connected: { client, host: gitHubHost("https://github.com") } as GitHub,
    repository: { owner: "acme", name: "shop" },
    store,
    clock,
    config: loadConfig({}).config,
    redact: (text: string) => text,
    home: "/h",
  };
  const read = async () => (await store.readTask(id))!.state;
  return {
    clock,
    pull,
    server,
    /** As a worker that has just started, or goes on. */
    duty: reviewDuty(),
    look: (duty = reviewDuty()) => duty.look(scope, signal),
    say(text: string, by = "kim", type = "User") {
      const at = iso(clock.now());
      const user = by === "" ? null : { login: by, type };
      const n = comments.length + 1;
      comments.push({ id: n, user, body: text, html_url: `https://x/${n}`, created_at: at });
      pull.updated_at = at;
    },
    waiting: async () => (await read()).reviews.waiting.map(({ text }) => text),
    read,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
      await server[Symbol.asyncDispose]();
    },
  };
}

function iso(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z/, "Z");
}

test("what is said goes on as one, once nobody has added to it for a minute", async () => {
  await using w = await world();
  w.say("Use a map.");
  expect(await w.look()).toBe(w.clock.now() + 60_000);
  w.clock.pass(40_000);
  w.say("And a test?");
  w.clock.pass(30_000);
  expect(await w.look()).toBe(w.clock.now() + 30_000);
  expect(await w.waiting()).toEqual([]);
  w.clock.pass(30_000);
  expect(await w.look()).toBeNull();
  expect(await w.waiting()).toEqual(["Use a map.", "And a test?"]);
});

test("a comment goes on once, over restarts and for any number of workers", async () => {
  await using w = await world();
  w.say("Use a map.");
  w.clock.pass(61_000);
  await Promise.all([w.look(), w.look()]);
  w.say("<!-- ampx: answers issue_comment:1 --> Answered.");
  w.clock.pass(61_000);
  await w.look();
  expect((await w.read()).reviews.received).toEqual(["issue_comment:1"]);
});

test("only people who may write are heard, and commands are none of it", async () => {
  await using w = await world();
  w.say("Delete it.", "stranger");
  w.say("Coverage: 3 %", "kim", "Bot");
  w.say("I am gone.", "");
  w.say("/ampx merge");
  w.say("/ampxx is a word");
  w.clock.pass(61_000);
  await w.look();
  expect(await w.waiting()).toEqual(["/ampxx is a word"]);
});

test("a long comment is cut", async () => {
  await using w = await world();
  w.say("x".repeat(20_000));
  w.clock.pass(61_000);
  await w.look();
  expect((await w.waiting())[0]).toBe(`${"x".repeat(8_000)}…`);
});

test("while nobody says a word there is one question a look", async () => {
  await using w = await world();
  w.say("Use a map.");
  w.clock.pass(61_000);
  await w.look(w.duty);
  const before = w.server.asked.length;
  await w.look(w.duty);
  expect(w.server.asked.slice(before).map(({ path }) => path.split("?")[0])).toEqual([
    `${root}/pulls`,
  ]);
  w.say("And?");
  w.clock.pass(61_000);
  await w.look(w.duty);
  expect(await w.waiting()).toEqual(["Use a map.", "And?"]);
});

test.each([
  ["merged", iso(start), sha],
  ["closed", null, null],
])("that it was %s by hand is told once", async (_, mergedAt, merged) => {
  await using w = await world();
  Object.assign(w.pull, { state: "closed", merged_at: mergedAt });
  await w.look();
  await w.look();
  expect((await w.read()).closed).toEqual({ at: w.clock.now(), by: "lee", merged });
});
