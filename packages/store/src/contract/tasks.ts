import { evolve } from "@ampx/core";
import { expect, it } from "vitest";
import {
  abortRequested,
  addTasks,
  appended,
  claimed,
  created,
  inTurn,
  neverRefuse,
  sha,
  start,
  taskId,
  untilReady,
  worker,
} from "./fixtures.ts";
import type { StoreHarness } from "./harness.ts";

/** Creating, reading, finding and listing tasks. */
export function tasksContract(make: () => StoreHarness): void {
  it("keeps a task and gives it back as it was made", async () => {
    await using harness = make();
    await using store = await harness.open();
    expect(await store.createTask(created(1))).toEqual({ is: "created" });
    const row = await store.readTask(taskId(1));
    expect(row).toMatchObject({
      id: taskId(1),
      seq: 1,
      status: "queued",
      waitingFor: "its turn",
      waitingSince: start + 1,
      wakeAt: start + 1,
      leaseHolder: null,
      createdAt: start + 1,
      updatedAt: start + 1,
    });
    expect(row?.state.task).toEqual(created(1).task);
    expect(row?.state.budget).toEqual(created(1).budget);
    expect(await store.readTask(taskId(2))).toBeUndefined();
  });

  it("keeps what events made of a task, and its projections", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const { state } = await appended(store, await claimed(store), ...untilReady);
    const row = await store.readTask(taskId(1));
    expect(row?.state).toEqual(state);
    expect(row).toMatchObject({
      seq: 12,
      status: "success",
      summary: "attempt 1: aaaaaaaa (1 file), CI green",
    });
    expect(row?.state).toMatchObject({ pushed: sha, ciRun: "run-1", change: "shop#1" });
  });

  it("knows the changes that are open: neither merged nor closed, nor of a task that was aborted", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 4);
    const ready = [];
    for (let n = 1; n <= 3; n += 1)
      ready.push(await appended(store, await claimed(store), ...untilReady));
    const change = { repo: "/repos/shop.git", change: "shop#1" };
    expect(await store.openChanges()).toEqual([1, 2, 3].map((n) => ({ id: taskId(n), ...change })));

    const at = start + 3_000;
    await store.request(
      taskId(1),
      { type: "change_closed", at, by: "kim", merged: null },
      neverRefuse,
    );
    await appended(store, ready[1]!, { type: "aborted", at, by: "kim" });
    expect(await store.openChanges()).toEqual([{ id: taskId(3), ...change }]);
  });

  it("knows the tasks in flight that others may meet: what they pushed, and whether they go on by themselves", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 5);
    await store.createTask(created(7, { base: "next" }));
    await store.createTask(created(8, { repo: "/repos/other.git" }));
    const pushed = [];
    for (let n = 1; n <= 7; n += 1)
      pushed.push(await appended(store, await claimed(store), ...untilReady));
    // It has pushed nothing.
    await store.createTask(created(6));
    const of = (n: number, task = {}) => store.inFlight({ ...created(n).task, ...task });
    const ids = async (n: number) => (await of(n)).map(({ id }) => id);
    // Those before it first, the nearest one first of all.
    expect(await ids(3)).toEqual([2, 1, 5, 4].map(taskId));
    expect(await of(2, { base: "next" })).toMatchObject([{ id: taskId(7) }]);

    const at = start + 3_000;
    await store.request(
      taskId(1),
      { type: "change_closed", at, by: "kim", merged: null },
      neverRefuse,
    );
    await appended(store, pushed[1]!, { type: "aborted", at, by: "kim" });
    expect(await of(3)).toEqual(
      [5, 4].map((n) => ({
        id: taskId(n),
        title: `task ${n}`,
        commit: sha,
        status: "success",
        waitsTurn: false,
      })),
    );
  });

  it("keeps which issue a task is for", async () => {
    await using harness = make();
    await using store = await harness.open();
    await store.createTask(created(1, { issue: 12 }));
    expect((await store.readTask(taskId(1)))?.state.task).toEqual(created(1, { issue: 12 }).task);
  });

  it("tells in which repositories tasks have moved since a moment", async () => {
    await using harness = make();
    await using store = await harness.open();
    await store.createTask(created(1));
    await store.createTask(created(2, { repo: "/repos/site.git" }));
    await store.createTask(created(3));
    expect(await store.reposSince(0)).toEqual(["/repos/shop.git", "/repos/site.git"]);
    expect(await store.reposSince(start + 3)).toEqual(["/repos/shop.git"]);
    expect(await store.reposSince(start + 4)).toEqual([]);
  });

  it("remembers how far a feed was read, and never goes back", async () => {
    await using harness = make();
    await using store = await harness.open();
    expect(await store.readMark("comments")).toBeNull();
    await store.setReadMark("comments", 5);
    await store.setReadMark("comments", 3);
    expect(await store.readMark("comments")).toBe(5);
    await store.setReadMark("comments", 8);
    expect(await store.readMark("comments")).toBe(8);
    expect(await store.readMark("labels")).toBeNull();
  });

  it("answers a repeated request with the task it made, and refuses the key for another request", async () => {
    await using harness = make();
    await using store = await harness.open();
    const key = { key: "k", digest: "d" };
    expect(await store.createTask(created(1), key)).toEqual({ is: "created" });
    expect(await store.createTask(created(2), key)).toEqual({ is: "repeated", id: taskId(1) });
    expect(await store.createTask(created(3), { ...key, digest: "other" })).toEqual({
      is: "key_reused",
    });
    expect(await store.listTasks({ limit: 10 })).toMatchObject({ total: 1 });
  });

  it("refuses an id whose short form is in use", async () => {
    await using harness = make();
    await using store = await harness.open();
    await store.createTask(created(1));
    const other = `01J${taskId(1).slice(3)}`;
    expect(await store.createTask(created(2, { id: other }))).toEqual({ is: "id_taken" });
    expect(await store.readTask(other)).toBeUndefined();
  });

  it("says of a key alone what a repeated request would be told", async () => {
    await using harness = make();
    await using store = await harness.open();
    const key = { key: "k", digest: "d" };
    expect(await store.findRepeated(key)).toBeUndefined();
    await store.createTask(created(1), key);
    expect(await store.findRepeated(key)).toEqual({ is: "repeated", id: taskId(1) });
    expect(await store.findRepeated({ ...key, digest: "other" })).toEqual({ is: "key_reused" });
  });

  it("gives a branch of a repository to one task only", async () => {
    await using harness = make();
    await using store = await harness.open();
    const mine = created(1);
    await store.createTask(mine);
    const other = created(2);
    const same = { ...other, task: { ...other.task, branch: mine.task.branch } };
    expect(await store.createTask(same)).toEqual({ is: "branch_taken", by: taskId(1) });
    const elsewhere = { ...same, task: { ...same.task, repo: "/elsewhere.git" } };
    expect(await store.createTask(elsewhere)).toEqual({ is: "created" });
  });

  it("finds tasks by short id, full id, beginning and end, in any case", async () => {
    await using harness = make();
    await using store = await harness.open();
    const ids = [
      "01K000000000000000000ABCDE",
      "01K000000000000000001ABCDE",
      "01J00000000000000000ZZYY01",
    ];
    for (const [n, id] of ids.entries()) await store.createTask(created(n, { id }));
    const find = (text: string) => store.resolveTaskId(text);
    expect(await find("zzyy01")).toEqual([ids[2]]);
    expect(await find("0ABCDE")).toEqual([ids[0]]);
    expect(await find(ids[1] ?? "")).toEqual([ids[1]]);
    expect(await find("01j")).toEqual([ids[2]]);
    expect(await find("yy01")).toEqual([ids[2]]);
    expect((await find("abcde")).toSorted()).toEqual([ids[0], ids[1]]);
    expect((await find("01k")).toSorted()).toEqual([ids[0], ids[1]]);
    for (const text of ["", "%", "_", "x x", "IIII", "0".repeat(27)])
      expect(await find(text)).toEqual([]);
  });

  it("lists newest first, page after page, each task once", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 7);
    const seen: string[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await store.listTasks({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.total).toBe(7);
      seen.push(...page.tasks.map((task) => task.id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1].map(taskId));
    await expect(store.listTasks({ limit: 3, cursor: "nonsense" })).rejects.toThrow(
      '"nonsense" is not a cursor.',
    );
  });

  it("filters lists by status, repository and creator, with the total of what matches", async () => {
    await using harness = make();
    await using store = await harness.open();
    await store.createTask(created(1));
    await appended(store, await claimed(store), ...inTurn);
    await store.createTask(created(2, { repo: "/repos/other.git" }));
    await store.createTask(created(3, { createdBy: "bob" }));
    const list = async (query: object) => {
      const { tasks, total } = await store.listTasks({ limit: 10, ...query });
      return [...tasks.map((task) => Number(task.id.slice(3))), `of ${total}`];
    };
    expect(await list({ statuses: ["running"] })).toEqual([1, "of 1"]);
    expect(await list({ statuses: ["queued"] })).toEqual([3, 2, "of 2"]);
    expect(await list({ statuses: ["queued", "running", "error"] })).toEqual([3, 2, 1, "of 3"]);
    expect(await list({ repo: "/repos/shop.git" })).toEqual([3, 1, "of 2"]);
    expect(await list({ createdBy: "ada" })).toEqual([2, 1, "of 2"]);
    expect(await list({ createdBy: "ada", repo: "/repos/shop.git", statuses: ["queued"] })).toEqual(
      ["of 0"],
    );
    expect(await list({ statuses: [] })).toEqual(["of 0"]);
    expect(await list({ statuses: ["queued"], limit: 1 })).toEqual([3, "of 2"]);
    expect(await store.countByStatus()).toEqual({ queued: 2, running: 1 });
  });

  it("folds a state that does not fit from its events", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const claim = await appended(store, await claimed(store), ...inTurn);
    harness.spoil(taskId(1), "state");
    expect((await store.readTask(taskId(1)))?.state).toEqual(claim.state);
    await store.request(taskId(1), abortRequested(), neverRefuse);
    expect((await store.readTask(taskId(1)))?.state).toEqual(evolve(claim.state, abortRequested()));
  });

  it("shows a task that cannot be read at all as an error, and lets the others go on", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 2);
    harness.spoil(taskId(1), "state and events");
    const { tasks } = await store.listTasks({ limit: 10 });
    expect(tasks.map((task) => task.status)).toEqual(["queued", "error"]);
    expect((await store.readTask(taskId(1)))?.state.phase).toMatchObject({
      name: "error",
      message: expect.stringContaining("cannot be read"),
    });
    await expect(store.request(taskId(1), abortRequested(), neverRefuse)).rejects.toThrow(
      "cannot be read",
    );

    const events = await store.eventsAfter(0, { limit: 10 });
    expect(events.map((event) => event.taskId)).toEqual([taskId(2)]);

    expect((await claimed(store)).lease.taskId).toBe(taskId(2));
    expect(await store.claim(worker())).toBeUndefined();
    expect(await store.countByStatus()).toEqual({ queued: 1, error: 1 });
  });
}
