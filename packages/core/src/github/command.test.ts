import { expect, test } from "vitest";
import { commandOf } from "./command.ts";

test.each([
  ["/ampx Use a map.", { is: "continue", words: "Use a map." }],
  ["/ampx", { is: "continue", words: "" }],
  ["  \n/ampx\r\n\r\nTwo\r\nlines.\r\n", { is: "continue", words: "Two\nlines." }],
  ["/AMPX continue", { is: "continue", words: "" }],
  ["/ampx Abort", { is: "abort" }],
  ["/ampx merge\n", { is: "merge" }],
  ["/ampx merge both maps", { is: "continue", words: "merge both maps" }],
  ["/ampx abort the loop early", { is: "continue", words: "abort the loop early" }],
  ["/ampx a\0b\uD800", { is: "continue", words: "ab\uFFFD" }],
  ["/ampxy merge", null],
  ["/ampx/merge", null],
  ["Try /ampx merge", null],
  ["> /ampx merge", null],
  ["```\n/ampx merge\n```", null],
  ["", null],
])("%j asks for %j", (comment, command) => {
  expect(commandOf(comment)).toEqual(command);
});
