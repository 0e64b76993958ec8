import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Makes a bare repository whose branch main holds this many files of some 1.5 kB, a hundred a folder. Returns its path. */
export function makeRepository(folder: string, files: number): string {
  const clone = join(folder, "clone");
  const bare = join(folder, "repo.git");
  for (let n = 0; n < files; n++) {
    const inside = join(clone, `part-${Math.floor(n / 100)}`);
    if (n % 100 === 0) mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, `module-${n}.ts`), `export const n${n} = ${n};\n`.repeat(60));
  }
  git(clone, "init", "--quiet", "--initial-branch=main");
  git(clone, "add", "--all");
  git(clone, "-c", "gc.auto=0", "commit", "--quiet", "-m", "Everything");
  git(folder, "clone", "--quiet", "--bare", clone, bare);
  return bare;
}

/** Runs git with an identity and without the settings of this machine. */
export function git(cwd: string, ...args: string[]): void {
  const identity = ["-c", "user.name=Bench", "-c", "user.email=bench@example.org"];
  execFileSync("git", [...identity, ...args], {
    cwd,
    env: { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
