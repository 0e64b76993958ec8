import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { confirm } from "./confirm.ts";

describe("a question on a terminal", () => {
  it.each([
    ["y", true],
    ["YES ", true],
    ["n", false],
    ["", false],
    ["yesterday", false],
  ])("answered by %j is %s", async (answer, expected) => {
    const { input, output } = terminal();
    const answered = confirm("Sure?", { input, output, signal: new AbortController().signal });
    input.write(`${answer}\n`);
    expect(await answered).toBe(expected);
    expect(String(output.read())).toBe("Sure? [y/N] ");
  });

  it("is answered by no where the input ends", async () => {
    const { input, output } = terminal();
    input.end();
    const { signal } = new AbortController();
    expect(await confirm("Sure?", { input, output, signal })).toBe(false);
  });

  it("ends with the reason of a signal", async () => {
    const { input, output } = terminal();
    const ending = new AbortController();
    const answered = confirm("Sure?", { input, output, signal: ending.signal });
    ending.abort(new Error("Ctrl-C"));
    await expect(answered).rejects.toThrow("Ctrl-C");
  });
});

function terminal(): { input: PassThrough; output: PassThrough } {
  return { input: new PassThrough(), output: new PassThrough() };
}
