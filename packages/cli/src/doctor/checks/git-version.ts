import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Check } from "../check.ts";

const needed = [2, 30] as const;

/** git, of a version that knows `--initial-branch`, worktrees and `--force-with-lease` as they are used. */
export const gitVersion: Check = async () => {
  const found = await versionOfGit();
  if (found === undefined)
    return [
      {
        name: "git",
        is: "missing",
        detail: "not found on the PATH",
        try_this: "install git 2.30 or newer",
      },
    ];
  const [, major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(found)?.map(Number) ?? [];
  const isEnough = major > needed[0] || (major === needed[0] && minor >= needed[1]);
  if (isEnough) return [{ name: "git", is: "ok", detail: found }];
  return [
    {
      name: "git",
      is: "missing",
      detail: `${found} is older than ${needed.join(".")}`,
      try_this: "install git 2.30 or newer",
    },
  ];
};

async function versionOfGit(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("git", ["--version"]);
    return stdout.trim().replace(/^git version /, "");
  } catch {
    // Not there, or not able to say its version: both mean that it cannot be used.
    return undefined;
  }
}
