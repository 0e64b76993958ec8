import { setTimeout as sleep } from "node:timers/promises";
import type { Sha } from "@ampx/core";
import type { Forge, MergeResult } from "../ports.ts";
import { bareCopyOf, withCopy } from "./bare-copy.ts";
import { gitFailure, GitLocked } from "./git-failure.ts";
import { git, tryGit, type GitCall } from "./git.ts";
import { holderOf } from "./holder-of.ts";
import { plainText } from "./plain-text.ts";
import { pushRef } from "./push-ref.ts";
import type { Repository } from "./repository.ts";

export interface LocalForgeOptions {
  /** The ampx home: merges of all its processes into one repository take turns. */
  home: string;
  repository: Repository;
  base: string;
  branch: string;
}

/**
 * A repository on this machine as the place where changes are merged. There is nothing to open. A base branch that somebody has checked out is
 * moved together with that checkout, and only when no change of theirs is in the way; any other is moved alone.
 *
 * The signal ends the wait for a turn and the looking around. What changes the repository is not begun after it, and once begun goes on to its
 * end, whose result is returned: cut short it would leave a person's files half changed. For the same reason git carries no mark here, and
 * what a dead worker left behind ends by itself in a moment.
 */
export function localForge(options: LocalForgeOptions): Forge {
  const { home, repository, branch } = options;
  return {
    findOrOpenChange: () => Promise.resolve({ url: `${repository.url}#${branch}` }),
    merge: (sha, expectedBase, signal) =>
      withCopy(bareCopyOf(home, repository).dir, signal, () => {
        const here = { cwd: repository.gitDir, gitDir: repository.gitDir, signal };
        return merge(options, sha, expectedBase, here);
      }),
  };
}

async function merge(
  options: LocalForgeOptions,
  sha: Sha,
  expectedBase: Sha,
  here: GitCall,
): Promise<MergeResult> {
  const settled = await look(options, sha, expectedBase, here);
  if (settled !== null) return settled;
  const holder = await holderOf(`refs/heads/${options.base}`, here);
  if (holder?.is === "busy")
    return {
      is: "refused",
      reason: `${options.base} is being rebased in ${holder.path}: finish that first`,
    };
  if (holder !== null) return mergeInto(holder.path, options, sha, expectedBase, here);
  return options.repository.kind === "bare"
    ? pushBase(options, sha, expectedBase, here)
    : moveBase(options, sha, expectedBase, here);
}

/** What needs no more doing, or cannot be done as expected. */
async function look(
  { repository, base }: LocalForgeOptions,
  sha: Sha,
  expectedBase: Sha,
  here: GitCall,
): Promise<MergeResult | null> {
  const tip = (
    await tryGit(["rev-parse", "--verify", "--quiet", `refs/heads/${base}^{commit}`], here)
  ).stdout.trim();
  if (tip === "")
    return { is: "refused", reason: `${repository.url} has no branch ${base} any more` };
  if (await isAncestor(sha, tip, here)) return { is: "merged" };
  // Not only another tip: one that `sha` does not contain cannot be moved forward to it.
  if (tip !== expectedBase || !(await isAncestor(tip, sha, here)))
    return { is: "base_moved", base: tip };
  return null;
}

/** For what changes the repository: only git's own time limit ends it. Throws the signal's reason where that came before. */
function untilDone(here: GitCall): GitCall {
  here.signal.throwIfAborted();
  return { ...here, signal: new AbortController().signal, outlives: true };
}

async function isAncestor(older: Sha, newer: Sha, here: GitCall): Promise<boolean> {
  const answer = await tryGit(["merge-base", "--is-ancestor", older, newer], here);
  if (answer.code > 1) throw gitFailure(["merge-base"], answer);
  return answer.code === 0;
}

async function pushBase(
  options: LocalForgeOptions,
  sha: Sha,
  expectedBase: Sha,
  here: GitCall,
): Promise<MergeResult> {
  // From the repository to itself, where the branch has brought the commit: its hooks see the push of its base like any other.
  const { repository, base } = options;
  const ref = `refs/heads/${base}`;
  const whole = untilDone(here);
  const pushed = await pushRef(
    { gitDir: repository.gitDir, url: repository.url, ref, commit: sha, expected: expectedBase },
    whole,
  );
  if (pushed.is === "pushed") return { is: "merged" };
  return (
    (await look(options, sha, expectedBase, whole)) ?? { is: "refused", reason: pushed.detail }
  );
}

async function moveBase(
  options: LocalForgeOptions,
  sha: Sha,
  expectedBase: Sha,
  here: GitCall,
): Promise<MergeResult> {
  const args = [
    "update-ref",
    "-m",
    `ampx: merge ${options.branch}`,
    `refs/heads/${options.base}`,
    sha,
    expectedBase,
  ];
  const whole = untilDone(here);
  const moved = await tryGit(args, whole);
  if (moved.code === 0) return { is: "merged" };
  const settled = await look(options, sha, expectedBase, whole);
  if (settled !== null) return settled;
  throw gitFailure(args, moved);
}

async function mergeInto(
  path: string,
  options: LocalForgeOptions,
  sha: Sha,
  expectedBase: Sha,
  here: GitCall,
): Promise<MergeResult> {
  const command = `git -C ${quoted(path)} merge --ff-only ${quoted(options.branch)}`;
  const { signal } = here;
  const isChanged = async () =>
    (await git(["status", "--porcelain", "--untracked-files=no"], { cwd: path, signal })) !== "";
  if (await isChanged()) {
    // Another merge that is in the middle of its work looks the same for a moment, and then has moved the base.
    await sleep(1_000, undefined, { signal });
    const settled = await look(options, sha, expectedBase, here);
    if (settled !== null) return settled;
    if (await isChanged())
      return {
        is: "refused",
        reason: `${path} has changes that are not committed. Commit or stash them, then: ${command}`,
      };
  }
  // Ignored files, such as a .env, are a person's too.
  const args = [
    "merge",
    "--quiet",
    "--ff-only",
    "--no-overwrite-ignore",
    "--no-stat",
    "--no-autostash",
    sha,
  ];
  const whole = untilDone(here);
  const merged = await tryGit(args, { cwd: path, signal: whole.signal, outlives: true });
  const settled = await look(options, sha, expectedBase, whole);
  if (settled !== null) return settled;
  const failure = gitFailure(args, merged);
  if (failure instanceof GitLocked) throw failure;
  return { is: "refused", reason: `${plainText(merged.stderr, 1_000)}\nThen: ${command}` };
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
