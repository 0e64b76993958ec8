import { git } from "./git.ts";
import type { WorkspaceScope } from "./workspace.ts";
import { inWorktree } from "./worktree.ts";

/** Puts tracked files back to what HEAD holds: what a check has rewritten is no work of the agent's. Files that git does not track stay. */
export async function restore(
  { worktree, mark }: WorkspaceScope,
  signal: AbortSignal,
): Promise<void> {
  await git(["reset", "--quiet", "--hard", "HEAD"], { ...inWorktree(worktree), mark, signal });
}
