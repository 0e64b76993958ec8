import { expect, test } from "vitest";
import { ampFailureKind } from "./amp-failure.ts";
import { claudeWordsKind } from "./claude-failure.ts";
import { codexFailureKind } from "./codex-failure.ts";
import { failedTurn, kindOfWords } from "./provider-failure.ts";

const anyAgent = { claude: claudeWordsKind, codex: codexFailureKind, amp: ampFailureKind };

test.each<[agent: keyof typeof anyAgent | "any", kind: string | undefined, words: string]>([
  ["claude", "rate_limit", "Claude AI usage limit reached|1763740800"],
  ["claude", "rate_limit", "You've hit your session limit · resets 3pm (Europe/Berlin)"],
  ["claude", "rate_limit", "You’ve hit your weekly limit · resets Nov 25 at 3pm (Europe/Berlin)"],
  ["claude", "rate_limit", "5-hour limit reached ∙ resets 7am"],
  ["claude", "rate_limit", "You've hit your monthly spend limit."],
  ["claude", "rate_limit", "You're out of usage credits."],
  ["claude", "rate_limit", "Credit balance is too low"],
  ["claude", "auth", "Not logged in · Please run /login"],
  ["claude", "auth", "Invalid API key · Please run /login"],
  ["claude", "auth", "OAuth token has expired. Please obtain a new token"],
  ["claude", "auth", "OAuth refresh token is no longer valid; run /login to re-authenticate"],
  ["claude", "auth", "Your Claude session has expired. Sign in again to continue"],
  ["codex", "rate_limit", "You’ve hit your usage limit. Upgrade to Pro or try again at 3:05 PM."],
  ["codex", "rate_limit", "Quota exceeded. Check your plan and billing details."],
  ["codex", "rate_limit", "Your workspace is out of credits. Add credits to continue"],
  ["codex", "rate_limit", "You've reached your workspace credit limit"],
  [
    "codex",
    "auth",
    "Your access token could not be refreshed because your refresh token has expired. Please log out and sign in again.",
  ],
  ["codex", "auth", "Your access token could not be refreshed. Please log out and sign in again."],
  ["codex", "auth", "Not logged in. Run `codex login` to sign in."],
  ["codex", "auth", "unexpected status 401 Unauthorized: token_expired"],
  ["amp", "rate_limit", "You've exceeded your usage quota of $10 per day."],
  ["amp", "rate_limit", "You've reached your free usage limit"],
  ["amp", "rate_limit", "Insufficient credit balance."],
  ["amp", "rate_limit", "Out of credits"],
  ["amp", "auth", "Access token expired. Run 'amp login' to refresh."],
  ["amp", "auth", "Not logged in. Run 'amp login' to authenticate."],
  ["amp", "context", "Context window limit reached."],
  ["amp", "overloaded", "Model Stream Timed Out"],
  ["any", "rate_limit", "Free usage exceeded, subscribe to Go"],
  ["any", "rate_limit", "5 hour usage limit reached. It will reset in 2 hours."],
  ["any", "rate_limit", "You exceeded your current quota. Please retry in 43.197s."],
  ["any", "auth", "Run `opencode auth login` to re-authenticate."],
  ["any", "auth", "API key not valid. Please pass a valid API key."],
  ["any", "context", "The input token count exceeds the maximum"],
  ["any", undefined, "tests failed in 4012 ms"],
  ["any", undefined, "I have logged the request and will retry the limits of the test"],
])("of %s, a failure of kind %s: %s", (agent, kind, words) => {
  expect((agent === "any" ? kindOfWords : anyAgent[agent])(words)).toBe(kind);
});

const now = Date.parse("2026-11-21T14:00:00Z");

test("a turn that failed for a login names the command to run, before the agent's own words", () => {
  const failure = { kind: "auth", words: "401 Unauthorized", signIn: "run `some login`" } as const;
  expect(failedTurn("Some", failure, now)).toEqual({
    is: "failed",
    kind: "auth",
    message: "Some: signed out: run `some login` (401 Unauthorized)",
  });
});

test("only of limits and outages it matters when they end", () => {
  const failed = (kind: "rate_limit" | "overloaded" | "model") =>
    failedTurn("Some", { kind, words: "try again in 5 minutes", signIn: "" }, now);
  const resetAt = now + 300_000;
  expect(failed("rate_limit")).toMatchObject({ resetAt });
  expect(failed("overloaded")).toMatchObject({ resetAt });
  expect(failed("model")).not.toHaveProperty("resetAt");
});
