import { lstat, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sha } from "@ampx/core";
import { git, type GitCall } from "../git/git.ts";
import { removeTree } from "../git/remove-tree.ts";
import type { Repository } from "../git/repository.ts";

/**
 * A clean checkout of one commit in a new folder. It borrows the repository's objects and writes nothing there: no worktree of
 * it is registered that would have to be unregistered. With all branches as `origin/…` and all tags, for scripts that ask git. No hooks.
 */
export async function checkOut(
  repository: Repository,
  sha: Sha,
  to: { folder: string; mark: string },
  signal: AbortSignal,
): Promise<void> {
  const { folder, mark } = to;
  await mkdir(folder, { recursive: true });
  await git(
    ["clone", "--quiet", "--shared", "--no-checkout", "--template=", "--", repository.url, folder],
    { cwd: folder, mark, signal },
  );
  const call: GitCall = {
    cwd: folder,
    gitDir: join(folder, ".git"),
    workTree: folder,
    mark,
    signal,
  };
  await git(["checkout", "--quiet", "--force", "--detach", sha], call);
}

/** Puts a script where the project expects it, unless it is there byte for byte. Whatever else bears the name (a link, a folder) goes. */
export async function placeScript(file: string, content: Uint8Array): Promise<void> {
  const found = await lstat(file).catch(() => null);
  if (found?.isFile() === true && Buffer.compare(await readFile(file), content) === 0) return;
  await removeTree(file);
  await writeFile(file, content, { mode: 0o755, flag: "wx" });
}
