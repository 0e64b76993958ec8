import { dollars, type UsedView } from "@ampx/core";
import { beforeAll, describe, expect, test } from "vitest";
import { costCell, costWords, tokenCount, tokenWords } from "./amounts.ts";
import { localTime } from "./local-time.ts";
import { plain } from "./paint.ts";
import { statsTable } from "./stats-table.ts";
import { taskPage } from "./task-page.ts";
import { taskTable } from "./task-table.ts";
import { now, taskDetail, usedNothing } from "./task-view-fixture.ts";

beforeAll(() => {
  process.env["TZ"] = "UTC";
});

const used: UsedView = {
  input_tokens: 12_000,
  output_tokens: 3_400,
  cache_read_tokens: 1_200_000,
  cache_write_tokens: 800,
  tokens_known: true,
  usd: 0.42,
  usd_known: true,
};
const unknown: UsedView = { ...usedNothing, usd_known: false, tokens_known: false };
const usage = {
  inputTokens: 12_000,
  outputTokens: 3_400,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  tokensKnown: true,
  usd: 0.21,
  usdKnown: true,
};

test("an amount is short, and what is something is never shown as nothing", () => {
  expect([0, 0.000_01, 0.0042, 0.009_99, 0.42, 12.345, 1234].map(dollars)).toEqual([
    "$0.00",
    "$0.0001",
    "$0.0042",
    "$0.0100",
    "$0.42",
    "$12.35",
    "$1234.00",
  ]);
  const tokens = [0, 830, 999, 1_000, 9_940, 9_960, 999_499, 999_600, 1_200_000, 3e9];
  expect(tokens.map(tokenCount)).toEqual("0 830 999 1k 9.9k 10k 999k 1M 1.2M 3G".split(" "));
});

test("what is not known is told as that, in a cell and in words", () => {
  const partly = { ...used, usd_known: false, tokens_known: false };
  const free = { ...used, usd: 0 };
  expect([usedNothing, used, free, partly, unknown].map(costCell)).toEqual([
    "",
    "$0.42",
    "$0.00",
    "≥$0.42",
    "?",
  ]);
  expect([used, partly, unknown].map(costWords)).toEqual([
    "$0.42",
    "at least $0.42",
    "unknown cost",
  ]);
  expect([used, partly, unknown].map(tokenWords)).toEqual(["1.2M", "at least 1.2M", "unknown"]);
});

test.each([
  ["2026-03-01T15:00:00Z", "15:00"],
  ["2026-03-01T09:05:00Z", "09:05"],
  ["2026-03-02T00:00:00Z", "Mon 00:00"],
  ["2026-03-07T23:59:00Z", "Sat 23:59"],
  ["2026-03-08T08:00:00Z", "2026-03-08 08:00"],
  ["2026-02-28T23:00:00Z", "2026-02-28 23:00"],
])("%s is shown on a Sunday as %s", (iso, shown) => {
  expect(localTime(iso, now)).toBe(shown);
});

describe("the list of tasks", () => {
  const parked = taskDetail({
    short_id: "abc123",
    title: "Second",
    used: { ...used, usd_known: false },
    waiting_for: "claude to work again: usage limit reached",
    waiting_until: "2026-03-01T15:00:00.000Z",
    progress: "2 of 5 fixed",
  });
  const tasks = [
    taskDetail({ used, waiting_until: "2026-03-01T12:00:30.000Z" }),
    parked,
    taskDetail({ short_id: "def456", title: "Third", used: unknown }),
  ];
  const list = { tasks, total: 3, next_cursor: null };
  const options = { now, paint: plain, withOwner: false };

  test("tells what each has cost, and until when a long wait lasts", () => {
    expect(taskTable(list, options)).toMatchInlineSnapshot(`
      "ID      STATUS    TRY  COST    REPO  TITLE                         AGE  WAITS FOR
      x4k2pa  retrying  2/5  $0.42   shop  Round prices to two decimals  30m  CI of bbbbbbbb
      abc123  retrying  2/5  ≥$0.42  shop  Second                        30m  claude to work again: usage limit reached (15:00); 2 of 5 fixed
      def456  retrying  2/5  ?       shop  Third                         30m  CI of bbbbbbbb"
    `);
  });

  test("keeps the time when the terminal is narrow", () => {
    const text = taskTable(list, { ...options, columns: 80 });
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatchInlineSnapshot(`
      "ID      STATUS    TRY  COST    REPO  TITLE           AGE  WAITS FOR
      x4k2pa  retrying  2/5  $0.42   shop  Round prices …  30m  CI of bbbbbbbb
      abc123  retrying  2/5  ≥$0.42  shop  Second          30m  claude to w… (15:00)
      def456  retrying  2/5  ?       shop  Third           30m  CI of bbbbbbbb"
    `);
  });
});

describe("a task's page", () => {
  const line = (text: string, word: string) => text.split("\n").find((one) => one.includes(word));
  const page = (changes: Parameters<typeof taskDetail>[0]) =>
    taskPage(taskDetail(changes), { now, paint: plain });

  test("tells cost and tokens, of how much, and what is not known", () => {
    const budgets = [
      { used },
      { used, max_usd: 5, max_tokens: 2_000_000 },
      { used: usedNothing, max_usd: 2.5 },
      { used: { ...used, usd_known: false }, max_usd: 5 },
      { used: unknown },
    ];
    expect(budgets.map((changes) => line(page(changes), "budget"))).toMatchInlineSnapshot(`
      [
        "  budget     2 of 5 attempts, 7.5 of 120 agent minutes, $0.42, 1.2M tokens",
        "  budget     2 of 5 attempts, 7.5 of 120 agent minutes, $0.42 of $5, 1.2M of 2M tokens",
        "  budget     2 of 5 attempts, 7.5 of 120 agent minutes, $0.00 of $2.50",
        "  budget     2 of 5 attempts, 7.5 of 120 agent minutes, at least $0.42 of $5, 1.2M tokens",
        "  budget     2 of 5 attempts, 7.5 of 120 agent minutes, unknown cost, unknown tokens",
      ]
    `);
  });

  test("tells of each attempt what it has cost, and who made it where that varies", () => {
    const [first, second] = taskDetail().tries;
    const text = page({
      agent: "codex",
      fallbacks: ["codex", "amp"],
      tries: [
        { ...first!, agent: "claude", usage },
        { ...second!, agent: "codex", usage: { ...usage, usd: 0, usdKnown: false } },
      ],
    });
    expect(line(text, "fallbacks")).toBe("  fallbacks  codex, amp");
    expect(text.slice(text.indexOf("Attempts"), text.indexOf("What failed")))
      .toMatchInlineSnapshot(`
      "Attempts
        1  aaaaaaaa, 1 file  by claude  $0.21  CI red: price.test.js: expected 1.10
        2  bbbbbbbb, 3 files (stalled)  by codex  unknown cost

      "
    `);
  });

  test("shows what the agent asks for, with the command that answers it", () => {
    const at = now - 5_000;
    const text = page({
      asks: [
        {
          id: 2,
          at,
          tool: "Write",
          input: "/etc/hosts\n127.0.0.1 x",
          why: "outside the worktree",
          answer: null,
        },
        { id: 3, at, tool: "Bash", input: "x".repeat(1_200), why: "not known", answer: null },
      ],
    });
    const asks = text.slice(text.indexOf("The agent asks"), text.indexOf("Attempts"));
    expect(asks.replace("x".repeat(1_000), "x*1000")).toMatchInlineSnapshot(`
      "The agent asks
        2  Write  /etc/hosts 127.0.0.1 x
           outside the worktree
           ampx answer x4k2pa 2 --allow, or --deny
        3  Bash  x*1000… (200 more characters, whole with --json)
           not known
           ampx answer x4k2pa 3 --allow, or --deny

      "
    `);
    expect(text).toContain("Next: ampx answer x4k2pa <n> --allow, or --deny");
  });

  test("tells until when a long wait lasts", () => {
    const text = page({ waiting_for: "tomorrow", waiting_until: "2026-03-02T00:00:00.000Z" });
    expect(line(text, "waits for")).toBe("  waits for  tomorrow, for 1m, until Mon 00:00");
  });

  test("tells who works in the worktree", () => {
    const text = page({
      attached_by: "grace",
      requests: ["attach"],
      waiting_for: "grace, who works in the worktree",
    });
    expect(line(text, "attached")).toBe("  attached   grace");
    expect(text).not.toContain("asked for");
    expect(text).toContain("Next: ampx attach x4k2pa --leave");
  });

  test("names a cap that would do when one is reached", () => {
    const spent = (reason: "usd_spent" | "tokens_spent") =>
      page({
        status: "needs_review",
        phase: "needs_review",
        phase_facts: { name: "needs_review", reason, detail: "" },
        used,
        max_usd: 0.4,
        max_tokens: 1_000_000,
      });
    expect(line(spent("usd_spent"), "Next")).toBe("Next: ampx continue x4k2pa --max-usd 1");
    expect(line(spent("tokens_spent"), "Next")).toBe(
      "Next: ampx continue x4k2pa --max-tokens 2.4m",
    );
  });
});

describe("the sums of what was used", () => {
  const since = "2026-02-22T12:00:00.000Z";

  test("are a table with what all have used", () => {
    const groups = [
      { key: "claude", tasks: 12, used },
      { key: "amp", tasks: 1, used: unknown },
    ];
    const total = { ...used, usd_known: false, tokens_known: false };
    expect(statsTable({ since, by: "agent", groups, total }, { now, paint: plain }))
      .toMatchInlineSnapshot(`
        "Since 2026-02-22 12:00, by agent

        AGENT   TASKS    COST  TOKENS  INPUT  OUTPUT  CACHE READ  CACHE WRITTEN
        claude     12   $0.42    1.2M    12k    3.4k        1.2M            800
        amp         1       ?       ?      ?       ?           ?              ?
        all            ≥$0.42   ≥1.2M   ≥12k   ≥3.4k       ≥1.2M           ≥800"
      `);
  });

  test("name repositories as lists do, by their paths where two have one name, and tasks by their short ids", () => {
    const groups = (keys: string[]) => keys.map((key) => ({ key, tasks: 1, used }));
    const names = (by: "repo" | "task", keys: string[]) =>
      statsTable({ since, by, groups: groups(keys), total: used }, { now, paint: plain })
        .split("\n")
        .slice(3, -1)
        .map((row) => row.split(" ")[0]);
    expect(names("repo", ["/a/shop/repo.git", "/b/shop.git", "/b/blog.git"])).toEqual([
      "/a/shop/repo.git",
      "/b/shop.git",
      "blog",
    ]);
    expect(names("task", ["01HZZZZZZZZZZZZZZZZZX4K2PA"])).toEqual(["x4k2pa"]);
  });

  test("say so when nothing was used", () => {
    expect(
      statsTable({ since, by: "day", groups: [], total: usedNothing }, { now, paint: plain }),
    ).toBe("Since 2026-02-22 12:00: nothing was used.");
  });
});
