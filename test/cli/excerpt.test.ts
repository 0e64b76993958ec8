import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Person, person } from "./ampx.ts";

let ada: Person;
beforeAll(async () => {
  ada = await person({ SHOP_TOKEN: "correct-horse-battery-staple" });
});
afterAll(() => ada[Symbol.asyncDispose]());

const log = [
  "collected 2 items",
  "FAILED tests/test_cart.py::test_total - assert 31 == 30",
  "1 failed, 1 passed in 0.12s",
].join("\n");

describe("ampx excerpt", { timeout: 60_000 }, () => {
  test("shows the excerpt of a log on stdin, and needs no server", async () => {
    expect(await ada.ampx(["excerpt"], { stdin: `${log}\n` })).toEqual({
      code: 0,
      stdout: `${log}\n`,
      stderr: "",
    });
  });

  test("reads a file, and is never longer than asked for, its line break included", async () => {
    await writeFile(join(ada.folder, "ci.log"), `${"ordinary line\n".repeat(5_000)}error: no\n`);
    const { code, stdout } = await ada.ampx(["excerpt", "ci.log", "--max-chars", "300"]);
    expect(code).toBe(0);
    expect(stdout).toContain("error: no");
    expect(stdout.length).toBeLessThanOrEqual(300);
  });

  test("gives failures and lane as data with --json", async () => {
    const { stdout } = await ada.ampx(["excerpt", "--json"], { stdin: log });
    expect(JSON.parse(stdout)).toEqual({
      excerpt: log,
      failures: [
        {
          tool: "pytest",
          kind: "test",
          test: "tests/test_cart.py::test_total",
          file: "tests/test_cart.py",
          message: "assert 31 == 30",
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
      ],
      lane: { lane: "code", reason: expect.any(String), evidence: "" },
    });
  });

  test("hides secrets", async () => {
    const stdin = "error: correct-horse-battery-staple was refused\n";
    const text = await ada.ampx(["excerpt", "--json"], { stdin });
    expect(text.stdout).not.toContain("correct-horse");
    expect(text.stdout).toContain("[redacted]");
  });

  test.each([
    [["excerpt", "missing.log"], 3, "<folder>/missing.log does not exist"],
    [["excerpt", "."], 2, "<folder> is a folder"],
    [["excerpt", "--max-chars", "none"], 2, '--max-chars is "none", not a whole number'],
  ])("%j fails with words", async (args, code, words) => {
    const ended = await ada.ampx(args);
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toContain(words.replace("<folder>", ada.folder));
  });
});
