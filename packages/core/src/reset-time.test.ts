import { expect, test } from "vitest";
import { resetTimeIn } from "./reset-time.ts";

/** A Saturday, 15:00 in Berlin. */
const now = Date.parse("2026-11-21T14:00:00Z");

test.each<[words: string, reset: string]>([
  // OpenAI
  [
    "Rate limit reached for gpt-5 in organization org-1 on tokens per min (TPM): Limit 200000, Used 198000, Requested 4000. Please try again in 600ms. Visit https://platform.openai.com/account/rate-limits",
    "14:00:00.600",
  ],
  ["Rate limit reached … Limit 3 / min. Please try again in 20s. Contact us", "14:00:20"],
  ["Please try again in 6m0s.", "14:06:00"],
  ["Please try again in 1h30m2.5s", "15:30:02.500"],
  // Gemini
  ["You exceeded your current quota. Please retry in 43.197s.", "14:00:43.197"],
  ['{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"43s"}', "14:00:43"],
  ["Your quota will reset after 3h15m2s.", "17:15:02"],
  ["Usage limit reached for gemini-3-pro. Access resets at 3:30 PM GMT+1.", "14:30:00"],
  // Anthropic
  ["429 rate_limit_error, retry-after: 30", "14:00:30"],
  ["retry-after-ms=1500", "14:00:01.500"],
  [
    "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
    "2026-12-01T00:00:00",
  ],
  // Claude Code
  ["Claude AI usage limit reached|1795275373", "2026-11-21T15:36:13"],
  ["Claude AI usage limit reached|1795275373000", "2026-11-21T15:36:13"],
  ["You've hit your session limit · resets 3:30pm (Europe/Berlin)", "14:30:00"],
  ["5-hour limit reached ∙ resets 7am (America/New_York)", "2026-11-22T12:00:00"],
  ["You've hit your weekly limit · resets Nov 25 at 3pm (Europe/Berlin)", "2026-11-25T14:00:00"],
  ["You've hit your weekly limit · resets Nov 25, 3:59pm (Asia/Kolkata)", "2026-11-25T10:29:00"],
  ["spend limit reached · resets Dec 1 · request an increase", "2026-12-01T00:00:00"],
  ["daily limit for your plan reached — resets at UTC midnight", "2026-11-22T00:00:00"],
  // Codex
  [
    "You've hit your usage limit. Upgrade to Pro (https://chatgpt.com/explore/pro), visit https://chatgpt.com/settings/usage to purchase more credits or try again at Nov 25th, 2026 3:00 PM.",
    "2026-11-25T15:00:00",
  ],
  ["You've hit your usage limit. Try again at 3:05 PM.", "15:05:00"],
  ["You've hit your usage limit. Try again in 3 days 1 hour.", "2026-11-24T15:00:00"],
  ['{"error":{"type":"usage_limit_reached","resets_in_seconds":5400}}', "15:30:00"],
  ['{"type":"usage_limit_reached","resets_at":1795275373}', "2026-11-21T15:36:13"],
  // Amp, opencode
  [
    "You've exceeded your usage quota of $10 per day. Your quota will reset in 3 hours.",
    "17:00:00",
  ],
  ["5 hour usage limit reached. It will reset in 2 hours 10 minutes. To continue", "16:10:00"],
  // Others
  ["resets at 2026-11-22T03:00:00Z", "2026-11-22T03:00:00"],
  ["limit resets at 2026-11-22T03:00:00.000+01:00", "2026-11-22T02:00:00"],
  ["Too many requests, retry after 30 seconds", "14:00:30"],
  ["please wait 2 hours and 5 minutes", "16:05:00"],
  ["Your limit resets in about 5 hours", "19:00:00"],
  ["Try again in an hour.", "15:00:00"],
  ["resets at 9:15", "2026-11-22T09:15:00"],
])("%s", (words, reset) => {
  const expected = reset.includes("T") ? reset : `2026-11-21T${reset}`;
  expect(isoOf(resetTimeIn(words, now))).toBe(new Date(`${expected}Z`).toISOString());
});

test.each([
  "",
  "Rate limit reached.",
  "Please try again later.",
  "Try again in a few seconds.",
  "Request timed out after 30 seconds; try again",
  "This request would exceed your organization's rate limit of 50,000 input tokens per minute",
  "see https://example.com/limits/1795275373",
  "HTTP 429, request id 1795275373",
  // Over, just now over, and too far ahead.
  "usage limit reached|1763740800",
  "resets at 2026-11-21T13:00:00Z",
  "resets 1:50pm",
  "resets at 2027-02-01T00:00:00Z",
  "try again in 32 days",
  "resets Aug 8",
  // Nobody knows where.
  "resets 3pm (Middle/Earth)",
])("no time is made up: %s", (words) => {
  expect(resetTimeIn(words, now)).toBeNull();
});

test("a clock time without a zone is one of the zone of whoever has written it", () => {
  expect(isoOf(resetTimeIn("resets 7am", now, "America/New_York"))).toBe(
    "2026-11-22T12:00:00.000Z",
  );
  expect(isoOf(resetTimeIn("try again at Nov 25th, 2026 3:00 PM", now, "Asia/Tokyo"))).toBe(
    "2026-11-25T06:00:00.000Z",
  );
});

test("the day on which clocks are put back has 25 hours", () => {
  const evening = Date.parse("2026-10-24T20:00:00Z");
  expect(isoOf(resetTimeIn("resets 7am (Europe/Berlin)", evening))).toBe(
    "2026-10-25T06:00:00.000Z",
  );
});

function isoOf(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}
