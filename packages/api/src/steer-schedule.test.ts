import { LockList, Pauses, ReleasedLocks, ServerStatus, TaskList } from "@ampx/core";
import { describe, expect, it } from "vitest";
import { type ApiUnderTest, problemIn, secret, startTestApi } from "./fixture.ts";
import { claimed, enqueued, toTurn, workerLives } from "./schedule-fixture.ts";

describe("the locks", () => {
  it("are told with who holds them and who waits, in their order", async () => {
    await using at = await startTestApi();
    const [holder, second, first, reader] = await enqueued(at, [
      { id: "A", locks: ["auth", "read:schema"], priority: 1 },
      { id: "B", locks: ["auth"], priority: 9 },
      { id: "C", locks: ["auth", "schema"], priority: 2 },
      { id: "D", locks: ["read:schema", "nobody-waits"], priority: 8 },
    ]);
    // Nobody holds one yet, but all that want one begin one after the other.
    expect(await locksOf(at)).toMatchObject([
      { name: "auth", holders: [], waiters: [{ ticket: "A" }, { ticket: "C" }, { ticket: "B" }] },
      { name: "schema", holders: [] },
    ]);
    const begun = Date.now();
    await claimed(at, (locks) => toTurn(begun, locks));

    const locks = await locksOf(at, "?repo=/repos/app");
    expect(locks.map(({ repo, name }) => [repo, name])).toEqual([
      ["/repos/app", "auth"],
      ["/repos/app", "schema"],
    ]);
    expect(locks[0]).toMatchObject({
      holders: [{ id: holder, ticket: "A", shared: false, status: "running", attached: false }],
      waiters: [
        { id: first, ticket: "C", shared: false },
        { id: second, ticket: "B", shared: false },
      ],
    });
    expect(locks[1]).toMatchObject({
      holders: [{ id: holder, shared: true }],
      waiters: [
        { id: first, shared: false },
        { id: reader, shared: true },
      ],
    });
    expect(await locksOf(at, "?repo=/repos/other")).toEqual([]);
  });

  it("of a task are taken away together, with who did it and why, and its next turn waits for them", async () => {
    await using at = await startTestApi();
    await workerLives(at);
    const [holder] = await enqueued(at, [
      { id: "A", locks: ["auth", "schema"], priority: 1 },
      { id: "B", locks: ["auth"], priority: 9 },
    ]);
    const { lease, seq } = await claimed(at, (locks) => [
      ...toTurn(Date.now(), locks),
      { type: "turn_interrupted", at: Date.now(), ms: 5, cause: "shutdown" },
    ]);
    const now = Date.now();
    await at.store.release(lease, seq, { wakeAt: now, reason: "a worker", faults: 0, now });

    const answer = await at.send("POST", "/locks/release", {
      body: { name: "auth", repo: "/repos/app", by: "kim", reason: "it hangs" },
    });
    expect(ReleasedLocks.parse(JSON.parse(answer.text))).toMatchObject({
      released: [{ id: holder, ticket: "A", status: "running", locks: ["auth", "schema"] }],
    });
    expect((await at.store.newestEvents(holder!, 1))[0]?.event).toMatchObject({
      type: "locks_released",
      by: "kim",
      reason: "it hangs",
    });
    expect((await locksOf(at)).flatMap(({ holders }) => holders)).toEqual([]);
    await claimed(at, (locks) => [{ type: "locks_taken", at: Date.now(), locks }]);
    expect(await locksOf(at)).toMatchObject([
      { name: "auth", holders: [{ ticket: "A" }] },
      { name: "schema", holders: [{ ticket: "A" }] },
    ]);
  });

  it.each<[string, Record<string, unknown>, number, string]>([
    [
      "that nobody holds",
      { name: "auth", repo: "/repos/app" },
      404,
      "Nobody holds lock auth of /repos/app",
    ],
    ["of a task that holds none", { task: "A" }, 409, "it holds no lock"],
    ["of no task", { task: "zzzzzz" }, 404, "There is no task with this id."],
    ["of no repository", { name: "auth", repo: "/x" }, 404, "There is no repository at /x"],
    ["without a repository", { name: "auth" }, 422, "task: is needed, or name and repo; not both"],
    ["named twice", { task: "A", name: "auth", repo: "/x" }, 422, "not both"],
    ["with a secret", { task: "A", reason: `for ${secret}` }, 422, "reason holds a secret"],
  ])("%s are not taken away", async (_what, body, status, detail) => {
    await using at = await startTestApi();
    const [id] = await enqueued(at, [{ id: "A", locks: ["auth"] }]);
    const named = body["task"] === "A" ? { ...body, task: id } : body;
    const problem = problemIn(await at.send("POST", "/locks/release", { body: named }));
    expect(problem).toMatchObject({ status, detail: expect.stringContaining(detail) });
  });
});

describe("a pause", () => {
  it("of a repository or of everything lets nothing begin, and is told with the list and the status", async () => {
    await using at = await startTestApi();
    await enqueued(at, [{ id: "A" }]);
    const paused = await post(at, "/pause", { repo: "/repos/app", by: "kim" });
    expect(paused).toMatchObject({
      repo: "/repos/app",
      pauses: [{ repo: "/repos/app", by: "kim", until_restart: false }],
    });
    await expect(claimed(at, () => [])).rejects.toThrow("no task could be claimed");
    const everywhere = await post(at, "/pause", { until_restart: true });
    expect(everywhere.pauses).toMatchObject([
      { repo: null, by: "ada", until_restart: true },
      { repo: "/repos/app" },
    ]);
    const list = TaskList.parse(JSON.parse((await at.send("GET", "/tasks")).text));
    expect(list.pauses).toEqual(everywhere.pauses);
    expect((await statusOf(at)).pauses).toEqual(everywhere.pauses);

    expect(await post(at, "/resume", { repo: "/repos/app" })).toMatchObject({
      ended: 1,
      pauses: [{ repo: null }],
    });
    await expect(claimed(at, () => [])).rejects.toThrow("no task could be claimed");
    expect(await post(at, "/resume", {})).toEqual({ repo: null, ended: 1, pauses: [] });
    expect(await post(at, "/resume", {})).toEqual({ repo: null, ended: 0, pauses: [] });
    await claimed(at, () => toTurn(Date.now()));
  });

  it("of a repository that is gone can be ended", async () => {
    await using at = await startTestApi();
    const gone = { repo: "/gone/app", by: "ada", at: 1, untilRestart: false };
    await at.store.pause(gone);
    expect(await post(at, "/resume", { repo: "/gone/app" })).toMatchObject({ ended: 1 });
    const refused = await at.send("POST", "/pause", { body: { repo: "/gone/app" } });
    expect(problemIn(refused)).toMatchObject({ status: 404 });
  });

  it("leaves a turn that runs, which the status tells", async () => {
    await using at = await startTestApi();
    const [id] = await enqueued(at, [{ id: "A" }]);
    const begun = Date.now();
    await claimed(at, () => toTurn(begun));
    await post(at, "/pause", { until_restart: true });
    expect((await statusOf(at)).turns).toEqual([
      {
        id,
        short_id: id?.slice(-6).toLowerCase(),
        ticket: "A",
        repo: "/repos/app",
        title: "A",
        agent: "scripted",
        since: new Date(begun).toISOString(),
      },
    ]);
  });
});

async function locksOf({ send }: ApiUnderTest, query = ""): Promise<LockList["locks"]> {
  const answer = await send("GET", `/locks${query}`);
  return LockList.parse(JSON.parse(answer.text)).locks;
}

async function post({ send }: ApiUnderTest, path: string, body: object): Promise<Pauses> {
  const answer = await send("POST", path, { body });
  if (answer.status !== 200) throw new Error(answer.text);
  return Pauses.parse(JSON.parse(answer.text));
}

async function statusOf({ send }: ApiUnderTest): Promise<ServerStatus> {
  return ServerStatus.parse(JSON.parse((await send("GET", "/status")).text));
}
