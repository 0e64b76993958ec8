import { evolve, type TaskEvent, type TaskState } from "@ampx/core";
import { describe, expect, it } from "vitest";
import { type ApiUnderTest, problemIn, secret, startTestApi } from "./fixture.ts";

const sha = "a".repeat(40);
const at = 1_000;
const toReady: TaskEvent[] = [
  { type: "started", at },
  { type: "prepared", at, worktree: "/w", base: sha, head: sha },
  { type: "turn_started", at, resumed: false },
  { type: "turn_ended", at, ms: 5, outcome: "completed", said: "done" },
  {
    type: "committed",
    at,
    commit: sha,
    tree: sha,
    base: sha,
    files: 1,
    insertions: 1,
    deletions: 0,
  },
  { type: "inspected", at, commit: sha, findings: [], preflight: false },
  { type: "push_started", at, commit: sha, expected: null },
  { type: "pushed", at, sha },
  { type: "ci_passed", at, sha, run: "1" },
  { type: "inspected", at, commit: sha, findings: [], preflight: false },
  { type: "change_opened", at, sha, change: "branch" },
];
const toMerged: TaskEvent[] = [
  ...toReady,
  { type: "merge_accepted", at },
  { type: "rebased", at, commit: sha, base: sha },
  { type: "merge_started", at, sha, expectedBase: sha },
  { type: "merged", at, sha },
];
const toRefused: TaskEvent[] = [
  ...toMerged.slice(0, -1),
  { type: "merge_refused", at, reason: "a review is missing" },
];
const inQueue: TaskEvent[] = [
  ...toMerged.slice(0, -1),
  { type: "merge_queued", at, sha, reason: "the merge queue of main" },
];
const aborted: TaskEvent[] = [{ type: "aborted", at, by: "ada" }];
const broken: TaskEvent[] = [{ type: "errored", at, message: "no disk" }];
const spent: TaskEvent[] = [
  ...toReady.slice(0, 2),
  { type: "gave_up", at, reason: "attempts_spent", detail: "5 of 5" },
];

const words = { action: "continue", prompt: "Use the other API" };
const refusals: [
  phase: string,
  events: TaskEvent[],
  body: Record<string, string>,
  reason: string,
  tryThis: string,
][] = [
  [
    "merged",
    toMerged,
    { action: "abort" },
    "it is merged already",
    "a new task that takes the change back",
  ],
  [
    "aborted",
    aborted,
    { action: "abort" },
    "it is aborted already",
    'ampx continue SHORT -m "…" to take it up again',
  ],
  ["merged", toMerged, { action: "merge" }, "it is merged already", "ampx show SHORT"],
  [
    "needs_review",
    spent,
    { action: "merge" },
    "it is not green: the attempts are spent (5 of 5)",
    'ampx continue SHORT -m "…"',
  ],
  [
    "aborted",
    aborted,
    { action: "merge" },
    "it is not green: aborted by ada",
    'ampx continue SHORT -m "…"',
  ],
  ["error", broken, { action: "merge" }, "it is not green: no disk", 'ampx continue SHORT -m "…"'],
  ["merged", toMerged, words, "it is merged already", "a new task"],
  ["awaiting_merge", inQueue, { action: "attach" }, "it is being merged", "ampx logs -f SHORT"],
];
const accepted: [phase: string, events: TaskEvent[], body: Record<string, string>][] = [
  ["queued", [], { action: "abort" }],
  ["queued", [], { action: "merge" }],
  ["queued", [], words],
  ["needs_review", spent, { action: "abort" }],
  ["needs_review", spent, words],
  ["error", broken, { action: "abort" }],
  ["error", broken, words],
  ["aborted", aborted, words],
  ["ready", toReady, { action: "abort" }],
  ["ready", toReady, { action: "merge" }],
  ["ready", toReady, words],
  ["needs_review", toRefused, { action: "merge" }],
  ["awaiting_merge", inQueue, { action: "abort" }],
  ["awaiting_merge", inQueue, words],
];

describe("PATCH /tasks/{id}", () => {
  it.each(refusals)("of a task in %s: refused", async (phase, events, body, reason, tryThis) => {
    await using api = await startTestApi();
    const { id, short_id } = await taskIn(api, events);
    const before = await api.store.lastEventId();
    const problem = problemIn(await api.send("PATCH", `/tasks/${id}`, { body }));
    expect((await api.store.readTask(id))?.state.phase.name).toBe(phase);
    expect(problem).toMatchObject({
      status: 409,
      detail: reason,
      try_this: tryThis.replace("SHORT", short_id),
    });
    expect(await api.store.lastEventId()).toBe(before);
  });

  it.each(accepted)(
    "of a task in %s: asked for once, however often it is sent",
    async (phase, events, body) => {
      await using api = await startTestApi();
      const { id, short_id } = await taskIn(api, events);
      const before = await api.store.lastEventId();
      for (const name of [id, short_id, id.toLowerCase()]) {
        const answer = await api.send("PATCH", `/tasks/${name}`, { body: { ...body, by: "bob" } });
        expect([answer.status, answer.text]).toEqual([204, ""]);
      }
      expect(await api.store.lastEventId()).toBe(before + 1);
      const shown = JSON.parse((await api.send("GET", `/tasks/${id}`)).text);
      expect(shown).toMatchObject({ phase, requests: [body["action"]] });
      expect(shown.history.at(-1)).toMatchObject({
        type: `${body["action"]}_requested`,
        by: "bob",
      });
    },
  );

  it("keeps the words of one person apart from the same words of another, and other words", async () => {
    await using api = await startTestApi();
    const { id } = await api.create();
    for (const body of [words, { ...words, by: "bob" }, { ...words, prompt: "Or not" }])
      await api.send("PATCH", `/tasks/${id}`, { body });
    expect(
      (await api.store.readTask(id))?.state.requests.words.map(({ by, text }) => [by, text]),
    ).toEqual([
      ["ada", "Use the other API"],
      ["bob", "Use the other API"],
      ["ada", "Or not"],
    ]);
  });

  it("refuses words that hold a known secret", async () => {
    await using api = await startTestApi();
    const { id } = await api.create();
    const answer = await api.send("PATCH", `/tasks/${id}`, {
      body: { action: "continue", prompt: `the key is ${secret}` },
    });
    expect(problemIn(answer)).toMatchObject({
      status: 422,
      type: "urn:ampx:problem:secret",
      errors: [{ field: "prompt" }],
    });
    expect(answer.text).not.toContain(secret);
    expect(await api.store.lastEventId()).toBe(1);
  });

  it("takes abort, continue and merge at once without losing one", async () => {
    await using api = await startTestApi();
    const { id } = await taskIn(api, toReady);
    const bodies = [{ action: "abort" }, words, { action: "merge" }];
    const answers = await Promise.all(
      [...bodies, ...bodies, ...bodies].map((body) => api.send("PATCH", `/tasks/${id}`, { body })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(9).fill(204));
    expect(JSON.parse((await api.send("GET", `/tasks/${id}`)).text).requests).toEqual([
      "abort",
      "continue",
      "merge",
    ]);
  });
});

describe("an id that fits several tasks", () => {
  it("is answered with which they are", async () => {
    const ids = ["01ARZ3NDEKTSV4RRFFQ6AAAAAA", "01ARZ3NDEKTSV4RRFFQ6BBBBAA"];
    await using api = await startTestApi({ newId: () => ids.shift() ?? "" });
    const [one, two] = [await api.create({ title: "One" }), await api.create({ title: "Two" })];
    for (const [method, path] of [
      ["GET", ""],
      ["PATCH", ""],
      ["GET", "/logs"],
      ["GET", "/events"],
    ] as const) {
      const answer = await api.send(
        method,
        `/tasks/01arz${path}`,
        method === "PATCH" ? { body: { action: "abort" } } : {},
      );
      const problem = problemIn(answer);
      expect(problem).toMatchObject({ status: 409, type: "urn:ampx:problem:ambiguous-id" });
      for (const text of [`${one.id} (One)`, `${two.id} (Two)`])
        expect(problem.detail).toContain(text);
      expect(problem.try_this).toContain("aaaaaa or bbbbaa");
    }
    expect((await api.send("GET", "/tasks/bbbbaa")).status).toBe(200);
    expect(await api.store.lastEventId()).toBe(2);
  });
});

/** A task that a worker has brought there. */
async function taskIn(api: ApiUnderTest, events: TaskEvent[]) {
  const created = await api.create();
  if (events.length === 0) return created;
  const holder = { host: "here", pid: process.pid, startedAt: "1" };
  const claim = await api.store.claim({
    id: "w",
    holder,
    slots: 3,
    leaseMs: 60_000,
    now: Date.now(),
  });
  if (claim === undefined) throw new Error("nothing to claim");
  let state: TaskState = claim.state;
  let { seq } = claim;
  for (const event of events) {
    state = evolve(state, event);
    const result = await api.store.append(claim.lease, seq, event, state);
    if (result.is !== "appended") throw new Error(result.is);
    seq = result.seq;
  }
  return created;
}
