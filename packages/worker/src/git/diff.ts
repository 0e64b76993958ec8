import type { Sha } from "@ampx/core";
import { git } from "./git.ts";
import type { WorkspaceScope } from "./workspace.ts";

/** In characters. What a person could read is far below; the gate reads this much in a few seconds, during which the worker does nothing else. */
const maxDiff = 8 * 1024 * 1024;

/**
 * The unified diff between two commits of the copy; null when it is longer than 8 MiB. No setting of the repository or the machine changes its
 * form, and no attribute that the change itself brings hides a text file from it.
 */
export async function diff(
  { copy, mark }: WorkspaceScope,
  base: Sha,
  commit: Sha,
  signal: AbortSignal,
): Promise<string | null> {
  const here = { cwd: copy.dir, gitDir: copy.dir, signal, mark, maxStdout: maxDiff };
  const config = ["core.quotePath=true", "diff.suppressBlankEmpty=false", "diff.renameLimit=2000"];
  try {
    return await git(["diff", ...form, base, commit], { ...here, config });
  } catch (error) {
    if (error instanceof Error && error.message.includes("printed too much")) return null;
    throw error;
  }
}

/** Bytes of every file of a commit, by path. */
export async function sizes(
  { copy, mark }: WorkspaceScope,
  commit: Sha,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const here = { cwd: copy.dir, gitDir: copy.dir, signal, mark };
  const listing = await git(["ls-tree", "-r", "-l", "-z", "--full-tree", commit], here);
  const found = new Map<string, number>();
  // `100644 blob <sha>    1234<TAB>path`; of a submodule the size is "-".
  for (const [, size, path = ""] of listing.matchAll(/\S+ \S+ \S+ +(\d+)\t([^\0]+)\0/g))
    found.set(path, Number(size));
  return found;
}

const form = [
  "--no-color",
  "--no-ext-diff",
  "--no-textconv",
  "--find-renames",
  "--full-index",
  "--unified=10",
  "--src-prefix=a/",
  "--dst-prefix=b/",
  "--ignore-submodules=none",
  "--submodule=short",
];
