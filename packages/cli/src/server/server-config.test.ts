import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { resolveRepository } from "@ampx/worker";
import { expect, test } from "vitest";
import { readPreamble } from "./server-config.ts";

test("what the project tells every agent is taken whole up to 20,000 characters, and of more the beginning", async () => {
  await using place = await makePlace();
  for (const kind of ["bare", "clone"] as const) {
    const preambleOf = async (text: string) => {
      await place.tell(kind, text);
      return readPreamble(await resolveRepository(place[kind], { cwd: place.folder }), "main");
    };
    const whole = "x".repeat(20_000);
    expect(await preambleOf(whole), kind).toBe(whole);
    expect(await preambleOf(`${whole}y`), kind).toBe(
      `${whole}\n(cut by ampx: .ampx/prompt.md has 20001 characters)`,
    );
    // Half a character is none.
    const cut = await preambleOf(`${"x".repeat(19_999)}\u{1F600}`);
    expect(cut.isWellFormed(), kind).toBe(true);
    expect(cut, kind).toMatch(/^x{19999}\uFFFD\n\(cut by ampx/);
  }
});

/** A clone and a bare repository, each with a place for what the project tells agents. */
async function makePlace() {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "server-config-")));
  const [clone, bare] = [join(folder, "clone"), join(folder, "project", "repo.git")];
  const git = (...args: string[]) =>
    promisify(execFile)("git", [
      "-C",
      clone,
      "-c",
      "user.name=Kim",
      "-c",
      "user.email=k@x",
      ...args,
    ]);
  await mkdir(join(clone, ".ampx"), { recursive: true });
  await mkdir(join(folder, "project", ".ampx"), { recursive: true });
  await git("init", "--quiet", "--initial-branch=main");
  await git("commit", "--quiet", "--allow-empty", "-m", "First");
  await git("clone", "--quiet", "--bare", clone, bare);
  return {
    folder,
    clone,
    bare,
    async tell(kind: "clone" | "bare", text: string) {
      if (kind === "bare") return writeFile(join(folder, "project", ".ampx/prompt.md"), text);
      await writeFile(join(clone, ".ampx/prompt.md"), text);
      await git("add", ".");
      await git("commit", "--quiet", "-m", "Tell");
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
