import { describe, expect, test } from "vitest";
import { displayWidth, shortened } from "./display-width.ts";

describe("the width of a line", () => {
  test.each([
    ["", 0],
    ["Round prices – two decimals…", 28],
    ["naïve", 5],
    ["nai\u0308ve", 5],
    ["价格", 4],
    ["カタカナ", 8],
    ["한국어", 6],
    ["done ✅", 7],
    ["👩‍👩‍👧", 2],
    ["⚠️", 2],
    ["✓", 1],
  ])("%j takes %i columns", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe("a line that is too long", () => {
  test.each([
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["价格价格", 5, "价格…"],
    ["价格价格", 4, "价…"],
    ["nai\u0308ve", 4, "nai\u0308…"],
  ])("%j is cut to %i columns as %j", (text, width, cut) => {
    expect(shortened(text, width)).toBe(cut);
    expect(displayWidth(cut)).toBeLessThanOrEqual(width);
  });
});
