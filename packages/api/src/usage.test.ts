import { evolve, ServerStatus, Stats, TaskDetail, type TaskEvent, type TaskId } from "@ampx/core";
import { thisProcess } from "@ampx/store";
import { describe, expect, it } from "vitest";
import { able, type ApiUnderTest, problemIn, startTestApi } from "./fixture.ts";

const sha = "a".repeat(40);
const tokens = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 80, cacheWriteTokens: 5 };

/** Lets a worker take the task and do all this to it. */
async function happen({ store }: ApiUnderTest, id: TaskId, events: TaskEvent[]): Promise<void> {
  const holder = thisProcess();
  const claim = await store.claim({ id: "w", holder, slots: 9, leaseMs: 60_000, now: Date.now() });
  if (claim?.lease.taskId !== id) throw new Error("another task was claimed");
  let { state, seq } = claim;
  for (const event of events) {
    state = evolve(state, event);
    const result = await store.append(claim.lease, seq, event, state);
    if (result.is !== "appended") throw new Error(result.is);
    ({ seq } = result);
  }
}

const inTurn = (at: number): TaskEvent[] => [
  { type: "started", at },
  { type: "prepared", at, worktree: "/w", base: sha, head: sha },
  { type: "turn_started", at, resumed: false },
];
const used = (at: number, usd: number | null): TaskEvent => ({
  type: "usage_recorded",
  at,
  agent: "scripted",
  tokens,
  usd,
  source: "reported",
});
const detailOf = async (at: ApiUnderTest, id: TaskId) =>
  TaskDetail.parse(JSON.parse((await at.send("GET", `/tasks/${id}`)).text));
const patch = (at: ApiUnderTest, id: TaskId, body: object) =>
  at.send("PATCH", `/tasks/${id}`, { body });

describe("what a task uses", () => {
  it("is told with its caps, and what is not known is told to be so", async () => {
    await using at = await startTestApi();
    const { id } = await at.create({ max_usd: 5, max_tokens: 1_000 });
    expect(await detailOf(at, id)).toMatchObject({
      used: { usd: 0, usd_known: true, input_tokens: 0 },
      max_usd: 5,
      max_tokens: 1_000,
    });
    const now = Date.now();
    await happen(at, id, [...inTurn(now), used(now, 0.25), used(now, null)]);
    expect(await detailOf(at, id)).toMatchObject({
      used: {
        usd: 0.25,
        usd_known: false,
        input_tokens: 20,
        output_tokens: 10,
        cache_read_tokens: 160,
        cache_write_tokens: 10,
        tokens_known: true,
      },
    });
  });

  it("adds up in groups, and for the day", async () => {
    await using at = await startTestApi({ dayCaps: { usd: 20, tokens: null } });
    const { id } = await at.create();
    const now = Date.now();
    const monthAgo = now - 31 * 86_400_000;
    await happen(at, id, [...inTurn(monthAgo), used(monthAgo, 3), used(now, 0.25)]);
    const stats = async (query: string) =>
      Stats.parse(JSON.parse((await at.send("GET", `/stats${query}`)).text));
    expect(await stats("")).toMatchObject({
      by: "agent",
      groups: [{ key: "scripted", tasks: 1, used: { usd: 0.25 } }],
      total: { usd: 0.25 },
    });
    const since = new Date(monthAgo).toISOString();
    expect(await stats(`?by=task&since=${since}`)).toMatchObject({
      groups: [{ key: id, used: { usd: 3.25 } }],
      total: { usd: 3.25 },
    });
    const status = ServerStatus.parse(JSON.parse((await at.send("GET", "/status")).text));
    expect(status).toMatchObject({ used_today: { usd: 0.25 }, max_usd_per_day: 20, parked: [] });
    expect(problemIn(await at.send("GET", "/stats?by=colour")).status).toBe(422);
  });

  it("tells which agents are refused, and why", async () => {
    await using at = await startTestApi();
    const { id } = await at.create();
    const now = Date.now();
    const retryAt = now + 3_600_000;
    const message = "signed out: run `amp login`";
    await happen(at, id, [
      ...inTurn(now),
      { type: "turn_failed", at: now, ms: 1, kind: "auth", message, retryAt },
    ]);
    const status = ServerStatus.parse(JSON.parse((await at.send("GET", "/status")).text));
    expect(status.parked).toEqual([
      {
        agent: "scripted",
        kind: "auth",
        message,
        since: new Date(now).toISOString(),
        until: new Date(retryAt).toISOString(),
      },
    ]);
  });
});

describe("a cap that nothing could be held against", () => {
  const report = { id: "w", holder: thisProcess(), slots: 1 };
  const agent = (name: string, can: Partial<typeof able>) => ({
    name,
    command: "/bin/x",
    version: "1",
    problems: [],
    can: { ...able, ...can },
  });

  it("is refused with what to do, for the agent and for those that may take over", async () => {
    await using at = await startTestApi();
    const agents = [
      agent("scripted", {}),
      agent("amp", { cost: "never" }),
      agent("command", { cost: "never", tokens: "never" }),
    ];
    await at.store.reportWorker({ ...report, aliveAt: Date.now(), agents });
    const ask = async (body: object) =>
      problemIn(
        await at.send("POST", "/tasks", { body: { repo: "/repos/app", prompt: "x", ...body } }),
      );
    expect(await ask({ agent: "amp", max_usd: 5 })).toMatchObject({
      status: 422,
      errors: [{ field: "max_usd", message: expect.stringContaining('"amp" does not tell') }],
      try_this: expect.stringContaining("prices.amp"),
    });
    expect(await ask({ agent: "command", max_tokens: 5 })).toMatchObject({
      errors: [{ field: "max_tokens" }],
    });
    expect(await ask({ fallbacks: ["command"], max_usd: 5 })).toMatchObject({
      errors: [{ field: "max_usd" }],
    });
    expect(await ask({ fallbacks: ["hal"] })).toMatchObject({ errors: [{ field: "fallbacks" }] });
    await at.create({ max_usd: 5, max_tokens: 5 });
    await at.create({ agent: "amp", max_tokens: 5, fallbacks: ["scripted", "amp"] });
    const [newest] = (await at.store.listTasks({ limit: 1 })).tasks;
    expect(newest?.state.fallbacks).toEqual(["scripted"]);
  });
});

describe("PATCH /tasks/{id} while a turn runs", () => {
  const asked = (at: number): TaskEvent => ({
    type: "permission_asked",
    at,
    ask: 1,
    tool: "Write",
    input: "/etc/hosts",
    why: "it lies outside",
  });

  it("answers what the agent asks for, once", async () => {
    await using at = await startTestApi();
    const { id } = await at.create();
    const now = Date.now();
    await happen(at, id, [...inTurn(now), asked(now)]);
    const open = await detailOf(at, id);
    expect(open.asks).toMatchObject([{ id: 1, tool: "Write", answer: null }]);
    expect(open.waiting_for).toMatch(/^you: may it use Write\? it lies outside \(ampx answer /);
    expect((await patch(at, id, { action: "answer", ask: 1, allow: true })).status).toBe(204);
    expect((await detailOf(at, id)).asks).toEqual([]);
    expect(problemIn(await patch(at, id, { action: "answer", ask: 1, allow: true }))).toMatchObject(
      {
        status: 409,
        detail: "the agent does not ask for this, or no more",
      },
    );
  });

  it("gives the worktree to one person at a time", async () => {
    await using at = await startTestApi();
    const { id } = await at.create();
    expect((await patch(at, id, { action: "attach", by: "ada" })).status).toBe(204);
    expect((await patch(at, id, { action: "attach", by: "ada" })).status).toBe(204);
    expect(await detailOf(at, id)).toMatchObject({ attached_by: "ada", requests: ["attach"] });
    expect(problemIn(await patch(at, id, { action: "attach", by: "kim" }))).toMatchObject({
      status: 409,
      detail: "ada works in the worktree",
    });
    expect((await patch(at, id, { action: "detach", by: "kim" })).status).toBe(204);
    expect((await patch(at, id, { action: "detach", by: "kim" })).status).toBe(204);
    expect(await detailOf(at, id)).toMatchObject({ attached_by: null, requests: [] });
  });

  it("takes what a person grants, with their words or without", async () => {
    await using at = await startTestApi();
    const { id } = await at.create();
    const grant = {
      action: "continue",
      max_usd: 7,
      max_minutes: 1,
      max_attempts: 9,
      max_tokens: 5,
    };
    expect((await patch(at, id, grant)).status).toBe(204);
    const row = await at.store.readTask(id);
    expect(row?.state.requests.words).toMatchObject([
      { text: "", budget: { maxUsd: 7, maxAgentMs: 60_000, maxAttempts: 9, maxTokens: 5 } },
    ]);
  });
});
