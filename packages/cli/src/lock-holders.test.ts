import type { LockList } from "@ampx/core";
import { UserError } from "@ampx/core/user-error";
import { describe, expect, it } from "vitest";
import { lockHolders } from "./lock-holders.ts";

describe("whose locks are taken away", () => {
  const shop = lock("/srv/shop", "auth", ["a1a1a1"], ["w1w1w1", "w2w2w2"]);
  const schema = lock("/srv/shop", "schema", ["a1a1a1", "b2b2b2"], ["w1w1w1"], true);
  const both: LockList = { locks: [shop, schema] };

  it("is who holds the lock, with all that goes with it", () => {
    expect(lockHolders(both, "auth")).toEqual([
      {
        task: { id: idOf("a1a1a1"), short_id: "a1a1a1", ticket: "T-a1a1a1" },
        status: "running",
        locks: ["auth", "read:schema"],
        since: "2026-03-01T12:00:00.000Z",
        waiting: 2,
      },
    ]);
    expect(lockHolders(both, "schema").map(({ task }) => task.short_id)).toEqual([
      "a1a1a1",
      "b2b2b2",
    ]);
  });

  it.each(["b2b2b2", "B2B2B2", "T-b2b2b2", idOf("b2b2b2")])("is the task %s", (given) => {
    expect(lockHolders(both, given)).toMatchObject([{ locks: ["read:schema"] }]);
  });

  it.each<[string, LockList, string, UserError["kind"], string]>([
    ["nobody", both, "nothing", "not_found", "No task holds a lock nothing"],
    [
      "nobody who holds it",
      { locks: [lock("/x", "free", [], ["w1w1w1"])] },
      "free",
      "not_found",
      "No task holds",
    ],
    [
      "of two repositories",
      { locks: [shop, lock("/srv/site", "auth", ["c3c3c3"], [])] },
      "auth",
      "conflict",
      "auth is a lock of 2 repositories",
    ],
    [
      "a lock or a task",
      { locks: [lock("/x", "T-a1a1a1", ["a1a1a1"], [])] },
      "T-a1a1a1",
      "conflict",
      "is the name of a lock and of a task",
    ],
  ])("cannot be told of what names %s", (_what, list, given, kind, message) => {
    const failure = failureOf(() => lockHolders(list, given));
    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({ kind, message: expect.stringContaining(message) });
  });
});

function failureOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

function idOf(shortId: string): string {
  return `01HZZZZZZZZZZZZZZZZZ${shortId.toUpperCase()}`;
}

function lock(
  repo: string,
  name: string,
  holders: string[],
  waiters: string[],
  shared = false,
): LockList["locks"][number] {
  const task = (shortId: string) => ({
    id: idOf(shortId),
    short_id: shortId,
    ticket: `T-${shortId}`,
    shared,
  });
  const since = "2026-03-01T12:00:00.000Z";
  return {
    repo,
    name,
    holders: holders.map((id) => ({ ...task(id), since, status: "running", attached: false })),
    waiters: waiters.map(task),
  };
}
