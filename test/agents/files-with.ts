import { join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";

/** The files below a folder that hold this text. */
export async function filesWith(folder: string, text: string): Promise<string[]> {
  const { stdout, exitCode } = await execa(
    "grep",
    ["--recursive", "--files-with-matches", "--fixed-strings", "--text", text, join(folder, "/")],
    { reject: false },
  );
  // 1: in none. Anything greater is a failure of the search itself.
  expect(exitCode).toBeLessThan(2);
  return stdout.split("\n").filter(Boolean);
}
