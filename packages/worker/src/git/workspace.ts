import type { Sha } from "@ampx/core";
import type { Workspace } from "../ports.ts";
import { bareCopyOf, type BareCopy } from "./bare-copy.ts";
import { branchName } from "./branch-name.ts";
import { commit } from "./commit.ts";
import { diff, sizes } from "./diff.ts";
import type { GitIdentity } from "./git-environment.ts";
import { meetings } from "./overlap.ts";
import { prepare } from "./prepare.ts";
import { pushRef } from "./push-ref.ts";
import { rebase } from "./rebase.ts";
import type { Repository } from "./repository.ts";
import { restore } from "./restore.ts";
import { worktreeOf, type Worktree } from "./worktree.ts";

export interface GitWorkspaceOptions {
  /** The ampx home, absolute. */
  home: string;
  repository: Repository;
  taskId: string;
  base: string;
  branch: string;
  /** What ampx last pushed to the branch: without it, a branch of that name on the remote is somebody else's. */
  pushed: Sha | null;
  /** Author of what ampx commits, and of what agents commit by themselves. */
  identity: GitIdentity;
  /** The environment marker of the task's processes. */
  mark: string;
  /** The environment by which git may reach a remote that asks who one is; asked for before each time. */
  credentials?: (signal: AbortSignal) => Promise<Readonly<Record<string, string>>>;
}

/** A workspace of this machine. */
export interface GitWorkspace extends Workspace {
  /** Absolute path of the worktree, whether it is there or not. */
  readonly path: string;
}

/** What the verbs of one task's workspace share. */
export interface WorkspaceScope extends GitWorkspaceOptions {
  copy: BareCopy;
  worktree: Worktree;
}

/**
 * A task's branch in a git worktree off the repository's bare copy. No process of the task may run in it meanwhile, but for the agent's turns
 * between two verbs. Throws a `UserError` for a branch name that git would not take, or that is the base.
 */
export function gitWorkspace(options: GitWorkspaceOptions): GitWorkspace {
  branchName(options.branch);
  if (options.branch === options.base)
    throw new TypeError("a task's branch is never its base branch");
  const copy = bareCopyOf(options.home, options.repository);
  const worktree = worktreeOf(options.home, copy.dir, options.taskId);
  const scope: WorkspaceScope = { ...options, copy, worktree };
  return {
    path: worktree.path,
    prepare: (signal) => prepare(scope, signal),
    commit: (message, signal) => commit(scope, message, signal),
    diff: (from, to, signal) => diff(scope, from, to, signal),
    restore: (signal) => restore(scope, signal),
    sizes: (of, signal) => sizes(scope, of, signal),
    push: async (sha, expected, signal) =>
      pushRef(
        {
          gitDir: copy.dir,
          url: options.repository.url,
          ref: `refs/heads/${options.branch}`,
          commit: sha,
          expected,
        },
        { signal, mark: options.mark, env: (await options.credentials?.(signal)) ?? {} },
      ),
    meetings: (own, others, tmp, signal) => meetings(scope, { own, others, tmp }, signal),
    rebase: (signal) => rebase(scope, signal),
  };
}
