import { type AgentAbilities, nothingUsed } from "@ampx/core";
import { beforeAll, describe, expect, test } from "vitest";
import { findingsText } from "./findings.ts";
import { gapLine, logLine } from "./log-line.ts";
import { logPrinter } from "./log-printer.ts";
import { plain } from "./paint.ts";
import { printable, printableLine } from "./printable.ts";
import { statusPage } from "./status-page.ts";
import { taskPage } from "./task-page.ts";
import { taskTable } from "./task-table.ts";
import { createdText, endText } from "./task-text.ts";
import { now, taskDetail, usedNothing } from "./task-view-fixture.ts";

beforeAll(() => {
  process.env["TZ"] = "UTC";
});

const table = { now, paint: plain, withOwner: false };

describe("the list of tasks", () => {
  const tasks = [
    taskDetail(),
    taskDetail({
      short_id: "abc123",
      status: "queued",
      phase: "queued",
      attempt: 0,
      attempts: 0,
      waiting_for: "a free agent slot",
      title: "Second",
    }),
    taskDetail({
      short_id: "def456",
      status: "running",
      phase: "coding",
      attempt: 1,
      attempts: 0,
      waiting_for: null,
      title: "Third",
      repo: "/srv/blog.git",
    }),
  ];

  test("shows each task in a line", () => {
    expect(taskTable({ tasks, total: 3, next_cursor: null }, table)).toMatchInlineSnapshot(`
      "ID      STATUS    TRY  COST  REPO  TITLE                         AGE  WAITS FOR
      x4k2pa  retrying  2/5        shop  Round prices to two decimals  30m  CI of bbbbbbbb
      abc123  queued    0/5        shop  Second                        30m  a free agent slot
      def456  running   1/5        blog  Third                         30m  – (coding)"
    `);
  });

  test("tells whose tasks they are when it shows everyone's", () => {
    expect(taskTable({ tasks, total: 90, next_cursor: "c" }, { ...table, withOwner: true }))
      .toMatchInlineSnapshot(`
        "ID      STATUS    TRY  COST  BY   REPO  TITLE                         AGE  WAITS FOR
        x4k2pa  retrying  2/5        ada  shop  Round prices to two decimals  30m  CI of bbbbbbbb
        abc123  queued    0/5        ada  shop  Second                        30m  a free agent slot
        def456  running   1/5        ada  blog  Third                         30m  – (coding)

        3 of 90 tasks; --limit shows more"
      `);
  });

  test("fits a narrow terminal by shortening the longest words", () => {
    const text = taskTable({ tasks, total: 3, next_cursor: null }, { ...table, columns: 80 });
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatchInlineSnapshot(`
      "ID      STATUS    TRY  COST  REPO  TITLE                AGE  WAITS FOR
      x4k2pa  retrying  2/5        shop  Round prices to tw…  30m  CI of bbbbbbbb
      abc123  queued    0/5        shop  Second               30m  a free agent slot
      def456  running   1/5        blog  Third                30m  – (coding)"
    `);
  });

  test("says what to do when it is empty", () => {
    const empty = { tasks: [], total: 0, next_cursor: null };
    expect([taskTable(empty, table), taskTable(empty, { ...table, withOwner: true })])
      .toMatchInlineSnapshot(`
      [
        "No tasks of yours. Start one: ampx start --repo <path> --task "…", or see everyone's: ampx ls --all",
        "No tasks. Start one: ampx start --repo <path> --task "…"",
      ]
    `);
  });
});

describe("one task", () => {
  test("shows phase, what it waits for, attempts, budget and history", () => {
    expect(taskPage(taskDetail(), { now, paint: plain })).toMatchInlineSnapshot(`
      "x4k2pa  Round prices to two decimals
        status     retrying (awaiting ci)
        waits for  CI of bbbbbbbb, for 1m
        repository /srv/shop/repo.git
        branch     amp/round-prices-x4k2pa, for main
        commit     bbbbbbbbbbbb
        agent      amp, thread T-5f1c
        budget     2 of 5 attempts, 7.5 of 120 agent minutes
        started    30m ago by ada
        worktree   /home/ada/.local/share/ampx/worktrees/x
        id         01HZZZZZZZZZZZZZZZZZX4K2PA

      Attempts
        1  aaaaaaaa, 1 file  CI red: price.test.js: expected 1.10
        2  bbbbbbbb, 3 files (stalled)

      What failed in aaaaaaaa
        │ not ok 1 - price
        │   expected: 1.10
        │   actual: 1.1
        full log: /srv/shop/ci-status/a.log

      History
        11:30:01  started
        11:40:00  CI red for aaaaaaaa: ci.sh
        11:41:00  moon landed

      Next: ampx logs -f x4k2pa"
    `);
  });

  test("tells the issue that a task is for, in the list and on the page", () => {
    const issue = { number: 12, url: "https://github.com/acme/shop/issues/12" };
    const task = taskDetail({ issue });
    expect(taskPage(task, { now, paint: plain })).toContain(
      "  issue      #12, https://github.com/acme/shop/issues/12\n",
    );
    const list = (title: string) =>
      taskTable({ tasks: [{ ...task, title }], total: 1, next_cursor: null }, table);
    expect(list("Round prices")).toContain("#12 Round prices");
    // Not read yet.
    expect(list("Issue #12")).toContain(" Issue #12 ");
  });

  test("tells the ticket that a task came from, in the list and on the page", () => {
    const ticket = {
      id: "AUTH-12",
      locks: ["user-auth", "read:db"],
      dependencies: ["AUTH-11"],
      tags: ["backend"],
      estimate_min: 30,
    };
    const task = taskDetail({ ticket, priority: 2, locks: ["user-auth", "read:db"] });
    const options = { now, paint: plain, withOwner: false };
    expect(taskTable({ tasks: [task], total: 1, next_cursor: null }, options)).toContain(
      "AUTH-12 Round prices",
    );
    expect(taskPage(task, { now, paint: plain })).toContain(
      "ticket     AUTH-12; priority 2; locks user-auth, read:db (held); after AUTH-11; tags backend; estimated at 30 min",
    );
  });

  test("says what to do next when a person is needed", () => {
    const task = taskDetail({
      status: "needs_review",
      phase: "needs_review",
      waiting_for: "you: the attempts are spent",
      tries: [],
      failure: null,
      history: [],
    });
    expect(taskPage(task, { now, paint: plain })).toContain(
      'Next: ampx continue x4k2pa -m "what to do"',
    );
  });

  test("says how it ended", () => {
    expect([
      endText(taskDetail({ status: "success", phase: "ready", attempts: 1 }), plain),
      endText(taskDetail({ status: "success", phase: "merged" }), plain),
      endText(
        taskDetail({
          status: "needs_review",
          phase: "needs_review",
          waiting_for: "you: the attempts are spent",
        }),
        plain,
      ),
      endText(
        taskDetail({ status: "aborted", phase: "aborted", waiting_for: "nothing: aborted by ada" }),
        plain,
      ),
    ]).toMatchInlineSnapshot(`
      [
        "✓ green and ready to merge after 1 attempt
        next: ampx merge x4k2pa",
        "✓ merged after 2 attempts",
        "✗ needs review: the attempts are spent, after 2 attempts
        next: ampx continue x4k2pa -m "what to do"",
        "✗ aborted by ada, after 2 attempts
        next: ampx continue x4k2pa -m "what to do"",
      ]
    `);
  });

  test("is announced with its id and branch", () => {
    expect(createdText(taskDetail(), plain)).toMatchInlineSnapshot(`
      "✓ x4k2pa  Round prices to two decimals
        branch  amp/round-prices-x4k2pa
        follow  ampx logs -f x4k2pa"
    `);
  });
});

describe("a task's log", () => {
  const line = {
    n: 1,
    at: "2026-03-01T11:30:01.000Z",
    stream: "agent",
    attempt: 1,
    text: "two\n\tlines",
  } as const;

  test("has time and stream before every line", () => {
    expect([logLine(line, plain), logLine({ ...line, stream: "ci", text: "" }, plain)])
      .toMatchInlineSnapshot(`
      [
        "11:30:01 agent  two
      11:30:01 agent      lines",
        "11:30:01 ci",
      ]
    `);
  });

  test("tells of lines that are only on disk, unless a filter made the gap", () => {
    const printed = (whole: boolean) => {
      const texts: string[] = [];
      const print = logPrinter({
        paint: plain,
        files: ["/logs/turn-1.log"],
        whole,
        print: (text) => texts.push(text),
      });
      [1, 2, 9].forEach((n) => print({ ...line, n, text: `line ${n}` }));
      return texts;
    };
    expect(printed(true)).toMatchInlineSnapshot(`
      [
        "11:30:01 agent  line 1",
        "11:30:01 agent  line 2",
        "… 6 lines not kept; the full text is in /logs/turn-1.log",
        "11:30:01 agent  line 9",
      ]
    `);
    expect(printed(false)).toHaveLength(3);
    expect(gapLine(1, [], plain)).toBe("… 1 line not kept");
  });
});

describe("text from outside", () => {
  test.each([
    ["\u001b[2J\u001b[H\u001b[31mred\u001b[0m", "red"],
    ["\u001b]0;title\u0007after", "after"],
    ["\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\", "link"],
    ["a\rb\bc\u0000d\u009b31me", "abcde"],
    ["safe\u202egnp.exe\u2066x", "safegnp.exex"],
    ["line\u2028break", "linebreak"],
    ["tab\tand\nline", "tab\tand\nline"],
    ["Grüße 👩‍💻 漢字", "Grüße 👩‍💻 漢字"],
  ])("%j is shown without what would act on the terminal", (hostile, shown) => {
    expect(printable(hostile)).toBe(shown);
  });

  test("has no escape character left, whatever sequence it was part of", () => {
    for (const sequence of [
      "\u001b",
      "\u001bP1;2|payload\u001b\\",
      "\u001b[",
      "\u001b[38;5;1",
      "\u001b(0",
      "\u001bc",
      "\u009d0;x\u009c",
    ]) {
      expect(printable(`before${sequence}after`)).not.toMatch(/\p{Cc}/u);
    }
  });

  test("takes one line in a table", () => {
    expect(printableLine(" a\n b\t\u001b[1mc ")).toBe("a b c");
    const text = taskTable(
      {
        tasks: [taskDetail({ title: "x\n\u001b[2Jy", waiting_for: "\u001b]0;z\u0007w" })],
        total: 1,
        next_cursor: null,
      },
      table,
    );
    expect(text.split("\n")).toHaveLength(2);
    expect(text).not.toContain("\u001b");
  });

  test("is harmless on a task's page", () => {
    const hostile = "\u001b[2J";
    const task = taskDetail({
      title: hostile,
      waiting_for: hostile,
      branch: hostile,
      agent: hostile,
      thread_id: hostile,
      change: hostile,
      failure: {
        sha: "a".repeat(40),
        by: "ci",
        lane: "infrastructure",
        reason: hostile,
        excerpt: hostile,
        log: hostile,
        failures: [],
        onBase: [],
      },
      findings: [{ rule: hostile, file: hostile, line: 1, evidence: hostile, verdict: "hold" }],
      progress: hostile,
      tries: [
        {
          number: 1,
          outcome: "completed",
          said: hostile,
          agentMs: 1,
          usage: nothingUsed,
          agent: hostile,
          commit: null,
          files: 0,
          tree: null,
          gate: [],
          preflight: null,
          verdict: "failed",
          lane: "code",
          failures: [],
          failure: hostile,
        },
      ],
    });
    expect(taskPage(task, { now, paint: plain })).not.toContain("\u001b");
  });
});

test("the server's page tells of workers, agents and tasks", () => {
  const server = {
    pid: 7,
    url: "http://127.0.0.1:8080",
    version: "0.1.0",
    started_at: "2026-03-01T09:00:00.000Z",
  };
  const can: AgentAbilities = {
    resume: true,
    tokens: "live",
    cost: "live",
    permissions: false,
    steering: false,
  };
  const agents = [
    { name: "amp", command: "/usr/bin/amp", version: "1.2", problems: [], can },
    {
      name: "command",
      command: null,
      version: null,
      problems: [{ what: "no command is configured", try_this: "set agents.command.command" }],
      can,
    },
  ];
  const worker = {
    id: "w",
    pid: 9,
    host: "box",
    alive_at: "2026-03-01T11:59:58.000Z",
    slots: 3,
    busy: 1,
    agents,
  };
  const status = {
    version: "0.1.0",
    home: "/home/ada/.local/share/ampx",
    workers: [worker],
    tasks: { running: 2, success: 40 },
    parked: [],
    used_today: usedNothing,
    max_usd_per_day: null,
    max_tokens_per_day: null,
    github_url: "https://github.com",
    pauses: [],
    turns: [],
    rate_limits: [],
  };
  expect(statusPage(server, status, { now, paint: plain })).toMatchInlineSnapshot(`
    "● ampx 0.1.0 at http://127.0.0.1:8080, pid 7, up 3h
      home    /home/ada/.local/share/ampx
      tasks   2 running, 40 success
      today   nothing used
      worker  pid 9 on box, 1 of 3 agent slots busy, seen 2s ago
      agents  ✓ amp 1.2
              ✗ command: ampx agents says why"
  `);
  expect(statusPage(server, { ...status, workers: [], tasks: {} }, { now, paint: plain }))
    .toMatchInlineSnapshot(`
      "● ampx 0.1.0 at http://127.0.0.1:8080, pid 7, up 3h
        home    /home/ada/.local/share/ampx
        tasks   none
        today   nothing used
        worker  no worker is alive: see /home/ada/.local/share/ampx/logs/server.log"
    `);
  const soon = Date.parse(server.started_at) + 9_000;
  expect(statusPage(server, { ...status, workers: [] }, { now: soon, paint: plain })).toContain(
    "worker  none has reported; a started one needs a second",
  );
});

test("the doctor's findings each have a line, and what to do where something is wrong", () => {
  expect(
    findingsText(
      [
        { name: "git", is: "ok", detail: "2.39.5", try_this: "never shown" },
        { name: "home", is: "note", detail: "open to other users", try_this: "chmod 700" },
        { name: "agent amp", is: "missing", detail: "not installed", try_this: "install it" },
      ],
      plain,
    ),
  ).toMatchInlineSnapshot(`
    "✓ git        2.39.5
    ! home       open to other users
                 try: chmod 700
    ✗ agent amp  not installed
                 try: install it"
  `);
});
