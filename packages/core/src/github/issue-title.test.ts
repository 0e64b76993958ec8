import { expect, test } from "vitest";
import { issueTitle } from "./issue-title.ts";

test.each([
  ["Show prices with two decimals", "Show prices with two decimals"],
  ["Fixes #5, acme/site#6 and GH-7", "Fixes #\u200b5, acme/site#\u200b6 and GH\u200b-7"],
  [
    "closes https://github.com/acme/shop/issues/5",
    "closes https://github.com/acme/shop/issues/\u200b5",
  ],
  ["@kim [skip ci] [No CI] [actions skip]", "@\u200bkim (skip ci) (No CI) (actions skip)"],
  ["# of items in a@b", "# of items in a@\u200bb"],
  ["a\u202Eb\tc\u0007", "ab c"],
  ["\u200B", ""],
])("%j becomes %j", (title, shown) => {
  expect(issueTitle(title)).toBe(shown);
});
