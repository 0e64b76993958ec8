import type { LockList, NamedTask, Why, WhyReason } from "@ampx/core";
import { describe, expect, test } from "vitest";
import { releasedText, releaseQuestion } from "./lock-release-text.ts";
import { lockTable } from "./lock-table.ts";
import { plain } from "./paint.ts";
import { pauseLines } from "./pauses-text.ts";
import { taskTable } from "./task-table.ts";
import { now, taskDetail } from "./task-view-fixture.ts";
import { turnsText } from "./turns-text.ts";
import { nextAfterWhy, whyPage } from "./why-page.ts";

const how = { now, paint: plain };
const auth = named("01h3xa", "AUTH-1");
const login = named("x4k2pa", "AUTH-2");
const alone = named("9z8y7x", null);

describe("why a task waits", () => {
  test("is one thing after the other, with its place in the queue", () => {
    const why = whyOf(
      [
        reason({
          kind: "lock",
          text: "lock user-auth, held by AUTH-1 (01h3xa) since 12 min; then 1 task before it",
          since: minutesAgo(12),
          tasks: [auth],
          lock: "user-auth",
        }),
        reason({
          kind: "place",
          text: "its turn: 1 task before it; all 2 agent slots are busy",
          tasks: [auth, alone],
          ahead: 1,
        }),
      ],
      { position: 2, queue_length: 7, counts_as: 4 },
    );
    expect(whyPage(why, nextAfterWhy(why, taskDetail()), how)).toMatchInlineSnapshot(`
      "AUTH-2 (x4k2pa)  Log people in
        status     queued, 2 of 7 that wait for their turn, priority 5, raised to 4 by its wait
        waits for  lock user-auth, held by AUTH-1 (01h3xa) since 12 min; then 1 task before it
        then       its turn: 1 task before it; all 2 agent slots are busy
                   busy: AUTH-1 (01h3xa), 9z8y7x

      Next: ampx why 01h3xa"
    `);
  });

  test("is what it is doing, or waits for outside, and since when", () => {
    const work = reason({
      kind: "work",
      text: "nothing: amp works on attempt 2",
      since: minutesAgo(3),
    });
    const why = whyOf([work], { status: "retrying", phase: "coding" });
    expect(whyPage(why, null, how)).toContain(
      "status     retrying (coding)\n  waits for  nothing: amp works on attempt 2, for 3m",
    );
    const until = new Date(now + 40 * 60_000).toISOString();
    const wait = reason({ kind: "wait", text: "CI of bbbbbbbb", since: minutesAgo(2), until });
    expect(whyPage(whyOf([wait]), null, how)).toContain(
      `waits for  CI of bbbbbbbb, for 2m, until ${until.slice(11, 16)}`,
    );
  });

  test.each<[string, Partial<WhyReason>, string]>([
    ["a pause", { kind: "pause", repo: null }, "ampx resume"],
    [
      "a pause of its repository",
      { kind: "pause", repo: "/srv/shop" },
      "ampx resume --repo /srv/shop",
    ],
    ["what comes first", { kind: "dependency", tasks: [auth] }, "ampx why 01h3xa"],
    ["what is not known", { kind: "failed_dependency" }, "ampx ls --all"],
    ["no worker", { kind: "worker" }, "ampx status"],
    ["CI", { kind: "wait" }, "ampx logs -f x4k2pa"],
  ])("is followed by what to do about %s", (_what, change, next) => {
    expect(nextAfterWhy(whyOf([reason(change)]), taskDetail())).toBe(next);
  });

  test("is harmless, whatever a ticket or a lock is called", () => {
    const hostile = "\u001b[2J\u0007";
    const text = `lock ${hostile}`;
    const page = whyPage(
      whyOf([reason({ kind: "place", text, tasks: [named("x4k2pa", `A${hostile}`)] })], {
        title: hostile,
        ticket: hostile,
      }),
      null,
      how,
    );
    expect(page.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });
});

describe("locks", () => {
  const locks: LockList["locks"] = [
    {
      repo: "/srv/shop/repo.git",
      name: "user-auth",
      holders: [holder(auth, { since: minutesAgo(12), attached: true })],
      waiters: [login, alone, named("aaaaaa", "C"), named("bbbbbb", "D"), named("cccccc", "E")].map(
        (task) => ({ ...task, shared: false }),
      ),
    },
    {
      repo: "/srv/shop/repo.git",
      name: "schema\u001b[2J",
      holders: [
        holder(auth, { shared: true, since: minutesAgo(20) }),
        holder(alone, { shared: true, since: minutesAgo(1), status: "needs_review" }),
      ],
      waiters: [],
    },
    { repo: "/srv/site.git", name: "kept", holders: [], waiters: [{ ...login, shared: false }] },
  ];

  test("have a line for each holder, and the first of those who wait", () => {
    expect(lockTable({ locks }, how)).toMatchInlineSnapshot(`
      "LOCK             REPO  HELD BY          STATUS             FOR  WAITING
      user-auth        shop  AUTH-1 (01h3xa)  running, attached  12m  AUTH-2 (x4k2pa), 9z8y7x, C (aaaaaa) and 2 more
      schema (shared)  shop  AUTH-1 (01h3xa)  running            20m
      schema (shared)  shop  9z8y7x           needs_review       1m
      kept             site  nobody yet                               AUTH-2 (x4k2pa)"
    `);
    expect(lockTable({ locks: [] }, how)).toBe("No lock is held, and none is waited for.");
  });

  test("are taken away only from whom a person has been told of", () => {
    const question = releaseQuestion(
      [
        {
          task: auth,
          status: "needs_review",
          locks: ["user-auth", "read:schema"],
          since: minutesAgo(20),
          waiting: 1,
        },
      ],
      now,
    );
    expect(question).toMatchInlineSnapshot(`
      "AUTH-1 (01h3xa), needs_review, has held locks user-auth, read:schema for 20m; 1 task waits for that.
      Others may begin then. A turn that runs goes on beside them; the next one waits until its task has all of its locks again."
    `);
    const released = [{ ...auth, status: "running" as const, locks: ["user-auth"] }];
    expect(releasedText({ released }, plain)).toBe(
      "✓ AUTH-1 (01h3xa) no longer holds lock user-auth; its next turn waits until it has it again",
    );
  });
});

describe("pauses", () => {
  const pauses = [
    { repo: null, by: "ada", since: minutesAgo(3), until_restart: true },
    { repo: "/srv/shop", by: "kim\u001b[2J", since: minutesAgo(120), until_restart: false },
  ];

  test("stand above the list of tasks", () => {
    expect(pauseLines(pauses, how)).toEqual([
      "! everything is paused by ada for 3m, until the server is started again (ampx resume)",
      "! /srv/shop is paused by kim for 2h (ampx resume --repo /srv/shop)",
    ]);
    const list = { tasks: [], total: 0, next_cursor: null, pauses };
    expect(taskTable(list, { ...how, withOwner: true }).split("\n")).toEqual([
      ...pauseLines(pauses, how),
      expect.stringContaining("No tasks."),
    ]);
  });

  test("wait for turns that are told by name", () => {
    const turn = { repo: "/srv/shop", title: "x", agent: "amp" };
    expect(turnsText([{ ...auth, ...turn, since: minutesAgo(5) }], now)).toBe(
      "1 turn still runs: AUTH-1 (01h3xa) by amp for 5m",
    );
    expect(
      turnsText(
        [auth, alone].map((task) => ({ ...task, ...turn, since: null })),
        now,
      ),
    ).toBe(
      "2 turns still run: AUTH-1 (01h3xa) by amp about to begin, 9z8y7x by amp about to begin",
    );
  });
});

function named(shortId: string, ticket: string | null): NamedTask {
  return { id: `01HZZZZZZZZZZZZZZZZZ${shortId.toUpperCase()}`, short_id: shortId, ticket };
}

function holder(
  task: NamedTask,
  more: Partial<LockList["locks"][number]["holders"][number]>,
): LockList["locks"][number]["holders"][number] {
  return {
    ...task,
    shared: false,
    since: minutesAgo(0),
    status: "running",
    attached: false,
    ...more,
  };
}

function reason(change: Partial<WhyReason>): WhyReason {
  return {
    kind: "wait",
    text: "something",
    since: null,
    until: null,
    tasks: [],
    repo: null,
    lock: null,
    agent: null,
    ahead: null,
    ...change,
  };
}

function whyOf(reasons: WhyReason[], change: Partial<Why> = {}): Why {
  return {
    ...login,
    title: "Log people in",
    status: "queued",
    phase: "queued",
    waiting_for: reasons[0]?.text ?? "",
    reasons,
    priority: 5,
    counts_as: 5,
    position: null,
    queue_length: 0,
    ...change,
  };
}

function minutesAgo(minutes: number): string {
  return new Date(now - minutes * 60_000).toISOString();
}
