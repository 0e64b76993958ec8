import { expect, test } from "vitest";
import { withoutCalls } from "./without-calls.ts";

test.each([
  "closes #1",
  "closes acme/shop#1",
  "closes (#1)",
  "closes &#1",
  "fixes GH-1",
  "fixes gh-1",
  "fixes https://github.com/acme/shop/issues/1",
  "see https://github.com/acme/shop/pull/1",
  "ask @kim",
  "ask @acme/team",
])("%s links, closes and calls nothing", (text) => {
  const said = withoutCalls(text);
  expect(said).not.toMatch(/#\d|GH-\d|\/(issues|pull)\/\d|@\w/i);
  // People read what was written.
  expect(said.replaceAll("\u200b", "")).toBe(text);
});
