import { type TaskEvent, Why } from "@ampx/core";
import { looseRules } from "@ampx/store";
import { describe, expect, it } from "vitest";
import { type ApiUnderTest, problemIn, startTestApi } from "./fixture.ts";
import { claimed, enqueued, sha, toTurn, workerLives } from "./schedule-fixture.ts";

// The store has a clock of its own.
const start = Date.now();
const minutes = 60_000;

describe("why a task waits", () => {
  it("is all that keeps it back, who does, and how far it is from its turn", async () => {
    await using world = await worldAt();
    const { at } = world;
    const [auth, schema, login, first] = await enqueued(at, [
      { id: "AUTH-1", locks: ["user-auth"], priority: 1 },
      { id: "DB-1" },
      { id: "AUTH-2", locks: ["user-auth"], dependencies: ["DB-1"], priority: 9 },
      { id: "AUTH-3", locks: ["user-auth"], priority: 2 },
    ]);
    await claimed(at, (locks) => toTurn(world.now, locks));
    world.now += 12 * minutes;
    await workerLives(at);

    const told = await whyOf(at, login!);
    expect(told).toMatchObject({
      id: login,
      ticket: "AUTH-2",
      status: "queued",
      phase: "queued",
      waiting_for: `ticket DB-1 (${short(schema!)}) to be merged`,
      priority: 9,
      counts_as: 9,
      position: 3,
      queue_length: 3,
    });
    expect(told.reasons).toMatchObject([
      { kind: "dependency", tasks: [{ id: schema, ticket: "DB-1" }] },
      {
        kind: "lock",
        text: `lock user-auth, held by AUTH-1 (${short(auth!)}) since 12 min; then 1 task before it`,
        lock: "user-auth",
        since: new Date(start).toISOString(),
        tasks: [{ id: auth, short_id: short(auth!), ticket: "AUTH-1" }],
        ahead: 1,
      },
    ]);
    expect((await whyOf(at, first!)).reasons.map(({ kind }) => kind)).toEqual(["lock"]);
    expect((await whyOf(at, schema!)).waiting_for).toBe(
      "its turn: it begins as soon as a worker takes it",
    );
  });

  it("is that all slots are busy, and with which tasks", async () => {
    await using world = await worldAt({ slots: 1 });
    const { at } = world;
    const [busy] = await enqueued(at, [
      { id: "A", priority: 1 },
      { id: "B", priority: 2 },
      { id: "C", priority: 3 },
    ]);
    await claimed(at, () => toTurn(world.now));
    expect((await whyOf(at, "C")).reasons).toMatchObject([
      {
        kind: "place",
        text: "its turn: 1 task before it; the agent slot is busy",
        tasks: [{ id: busy }],
        ahead: 1,
      },
    ]);
  });

  it("is a pause, of a task that waits and of one between two turns", async () => {
    await using world = await worldAt();
    const { at } = world;
    await enqueued(at, [
      { id: "A", priority: 1 },
      { id: "B", priority: 2 },
    ]);
    const claim = await claimed(at, () => [
      ...toTurn(world.now),
      { type: "turn_interrupted", at: world.now, ms: 5, cause: "shutdown" },
    ]);
    const { lease, seq } = claim;
    const wait = { wakeAt: world.now, reason: "a free agent slot", faults: 0, now: world.now };
    await at.store.release(lease, seq, wait);
    expect(await whyOf(at, "A")).toMatchObject({
      waiting_for: "a free agent slot",
      reasons: [{ kind: "worker" }],
      position: null,
    });
    await at.send("POST", "/pause", { body: { repo: "/repos/app" } });
    const paused = [
      {
        kind: "pause",
        text: "you: /repos/app is paused (ampx resume --repo /repos/app)",
        repo: "/repos/app",
        since: new Date(start).toISOString(),
      },
    ];
    expect((await whyOf(at, "A")).reasons).toMatchObject(paused);
    await expect(claimed(at, () => [])).rejects.toThrow("no task could be claimed");
    expect((await whyOf(at, "B")).reasons).toMatchObject(paused);
  });

  it("is, of a task that has begun, what its turn would wait for: its repository's slots, its agent's, or any", async () => {
    await using world = await worldAt({
      slots: 2,
      rules: { ...looseRules, perRepo: 1, perAgent: 1 },
    });
    const { at } = world;
    await enqueued(at, [
      { id: "A", priority: 1 },
      { id: "B", priority: 2 },
    ]);
    const { lease, seq } = await claimed(at, () => [
      ...toTurn(world.now),
      { type: "turn_interrupted", at: world.now, ms: 5, cause: "shutdown" },
    ]);
    const reason = "a free agent slot";
    const later = { wakeAt: world.now + minutes, reason, faults: 0, now: world.now };
    await at.store.release(lease, seq, later);
    const other = await claimed(at, () => toTurn(world.now));
    world.now += 2 * minutes;
    await workerLives(at);
    await at.store.renew(other.lease, world.now + 60 * minutes, world.now);
    expect((await whyOf(at, "A")).reasons).toMatchObject([
      {
        kind: "repo_limit",
        text: "a slot of /repos/app: 1 of its agents works",
        repo: "/repos/app",
      },
      { kind: "agent_limit", agent: "scripted", tasks: [{ ticket: "B" }] },
    ]);
  });

  it.each<[string, TaskEvent[], string, string]>([
    ["work", toTurn(start), "work", "nothing: scripted works on attempt 1"],
    ["its preparation", toTurn(start).slice(0, 1), "work", "nothing: it is preparing"],
    [
      "a person",
      [
        ...toTurn(start).slice(0, 2),
        { type: "gave_up", at: start, reason: "attempts_spent", detail: "" },
      ],
      "person",
      "you: the attempts are spent",
    ],
    ["nothing", [{ type: "aborted", at: start, by: "kim" }], "end", "nothing: aborted by kim"],
    [
      "leave",
      [
        ...toTurn(start),
        { type: "permission_asked", at: start, ask: 1, tool: "Bash", input: "rm x", why: "" },
      ],
      "person",
      "you: may it use Bash?",
    ],
  ])("is %s, of a task that does not wait for others", async (_what, events, kind, text) => {
    await using world = await worldAt();
    await enqueued(world.at, [{ id: "A" }]);
    await claimed(world.at, () => events);
    const told = await whyOf(world.at, "A");
    expect(told.reasons[0]).toMatchObject({ kind, text: expect.stringContaining(text) });
    expect(told.position).toBeNull();
  });

  it("is what it looks at again, and when", async () => {
    await using world = await worldAt();
    const { at } = world;
    await enqueued(at, [{ id: "A" }]);
    const { lease, seq } = await claimed(at, () => [
      ...toTurn(start),
      { type: "turn_ended", at: start, ms: 5, outcome: "completed", said: "" },
      {
        type: "committed",
        at: start,
        commit: sha,
        tree: sha,
        base: sha,
        files: 1,
        insertions: 1,
        deletions: 0,
      },
      { type: "inspected", at: start, commit: sha, findings: [], preflight: false },
      { type: "push_started", at: start, commit: sha, expected: null },
      { type: "pushed", at: start, sha },
    ]);
    const wait = { wakeAt: start + minutes, reason: "CI of aaaaaaaa", faults: 0, now: start };
    await at.store.release(lease, seq, wait);
    expect((await whyOf(at, "A")).reasons).toEqual([
      {
        kind: "wait",
        text: "CI of aaaaaaaa",
        since: new Date(start).toISOString(),
        until: new Date(start + minutes).toISOString(),
        tasks: [],
        repo: null,
        lock: null,
        agent: null,
        ahead: null,
      },
    ]);
  });

  it("says first that no worker lives", async () => {
    await using world = await worldAt({ worker: false });
    await enqueued(world.at, [{ id: "A" }]);
    expect(await whyOf(world.at, "A")).toMatchObject({
      waiting_for: "a worker: none is alive (ampx status)",
    });
  });

  it("names what is not known", async () => {
    await using world = await worldAt();
    const unknown = await world.at.send("GET", "/tasks/zzzzzz/why");
    expect(problemIn(unknown)).toMatchObject({ status: 404 });
  });
});

interface World extends AsyncDisposable {
  at: ApiUnderTest;
  now: number;
}

/** With a clock that stands still, and, if nobody says else, a worker. */
async function worldAt({ slots = 3, rules = looseRules, worker = true } = {}): Promise<World> {
  const clock = { now: start };
  const at = await startTestApi({ now: () => clock.now, schedule: { rules, slots } });
  if (worker) await workerLives(at);
  return {
    at,
    get now() {
      return clock.now;
    },
    set now(now) {
      clock.now = now;
    },
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  };
}

/** Of a task, or of a ticket's. */
async function whyOf({ send }: ApiUnderTest, id: string): Promise<Why> {
  const found = id.length < 26 ? await taskOf({ send }, id) : id;
  const answer = await send("GET", `/tasks/${found}/why`);
  if (answer.status !== 200) throw new Error(answer.text);
  return Why.parse(JSON.parse(answer.text));
}

async function taskOf({ send }: Pick<ApiUnderTest, "send">, ticket: string): Promise<string> {
  const { tasks } = JSON.parse((await send("GET", "/tasks")).text) as {
    tasks: { id: string; title: string }[];
  };
  const found = tasks.find(({ title }) => title === ticket);
  if (found === undefined) throw new Error(`no task of ticket ${ticket}`);
  return found.id;
}

function short(id: string): string {
  return id.slice(-6).toLowerCase();
}
