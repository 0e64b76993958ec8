import { Parser } from "@oclif/core";
import { beforeAll, expect, test } from "vitest";
import { budgetFlags, budgetOf } from "./flags.ts";
import { deadlineOf, sinceOf } from "./task-options.ts";

beforeAll(() => {
  process.env["TZ"] = "Europe/Berlin";
});

const now = Date.parse("2026-03-01T12:00:00.000Z");

test.each([
  ["12h", "2026-03-01T00:00:00.000Z"],
  ["7d", "2026-02-22T12:00:00.000Z"],
  ["4w", "2026-02-01T12:00:00.000Z"],
  ["2026-02-01", "2026-01-31T23:00:00.000Z"],
  ["2026-02-01T08:30", "2026-02-01T07:30:00.000Z"],
  ["2026-02-01T08:30Z", "2026-02-01T08:30:00.000Z"],
])("--since %s is a moment of the user's own clock", (given, moment) => {
  expect(sinceOf(given, now)).toBe(moment);
});

test.each(["1d ago", "yesterday", "9999999d", "2026-03-02"])(
  "--since %s is not accepted",
  (given) => {
    expect(() => sinceOf(given, now)).toThrow("--since");
  },
);

test("a deadline is as far ahead as it says", () => {
  expect(deadlineOf("90m", now)).toBe("2026-03-01T13:30:00.000Z");
  expect(deadlineOf("2w", now)).toBe("2026-03-15T12:00:00.000Z");
});

test.each([
  ["500000", 500_000],
  ["500k", 500_000],
  ["1.5M", 1_500_000],
  ["1.001k", 1_001],
  ["2g", 2_000_000_000],
])("--max-tokens %s", async (given, tokens) => {
  const { flags } = await Parser.parse(["--max-tokens", given, "--max-usd", "2.50"], {
    flags: budgetFlags(""),
  });
  expect(budgetOf(flags)).toEqual({ max_tokens: tokens, max_usd: 2.5 });
});
