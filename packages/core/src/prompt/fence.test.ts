import { expect, test } from "vitest";
import { fenced } from "./fence.ts";

test.each(["`", "```", "a\n`````\nb", "no ticks", "~~~\n````\u200B`\n", "``\u0000`"])(
  "the fence cannot be closed from inside: %j",
  (text) => {
    const [open, ...rest] = fenced(text).split("\n");
    expect(rest.at(-1)).toBe(open);
    expect(rest.slice(0, -1).some((line) => line.includes(open ?? ""))).toBe(false);
  },
);

test("what a person would not see is not handed on", () => {
  const hidden = "a\u001b[2Jb\u202Ec\u200Bd\u{E0041}e\tf";
  expect(fenced(hidden)).toBe("```\na[2Jbcde\tf\n```");
});
