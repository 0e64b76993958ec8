import { expect, test } from "vitest";
import { plainLine } from "./plain-line.ts";

test.each([
  ["plain", "plain"],
  ["tab\tstays, größe too", "tab\tstays, größe too"],
  ["\u001b[31;1mred\u001b[0m", "red"],
  ["\u001b[=0u\u001b[<u\u001b[?25h", ""],
  ["\u009b2Kline", "line"],
  ["\u001b]0;a title\u0007text", "text"],
  ["\u001b]8;;https://example.com\u001b\\link\u001b]8;;\u001b\\", "link"],
  ["\u001b(Bascii\u001b7", "ascii"],
  ["10 %\r50 %\r100 %\r", "100 %"],
  ["bell\u0007 and null\u0000", "bell and null"],
  ["with a carriage return\r", "with a carriage return"],
])("%j is shown as %j", (text, shown) => {
  expect(plainLine(text)).toBe(shown);
});
