import { createHash } from "node:crypto";
import { appendFile, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UserError } from "@ampx/core";
import { withLock } from "./copy-lock.ts";
import type { GitIdentity } from "./git-environment.ts";
import { GitLocked } from "./git-failure.ts";
import { git, type GitCall } from "./git.ts";
import { isNoted, keepCopy, noteConfig } from "./keep-copy.ts";
import type { Repository } from "./repository.ts";
import { removeStaleLocks } from "./stale-locks.ts";

/** One repository's objects and branches in the ampx home: tasks' worktrees hang off it. */
export interface BareCopy {
  dir: string;
  repository: Repository;
}

/** Where the copy of a repository is; nothing is made yet. */
export function bareCopyOf(home: string, repository: Repository): BareCopy {
  const slug = basename(repository.url)
    .replace(/\.git$/, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 40);
  const hash = createHash("sha256").update(repository.url).digest("hex").slice(0, 12);
  return {
    dir: join(home, "repos", `${slug === "" ? "repository" : slug}-${hash}.git`),
    repository,
  };
}

/** Runs `work` while no other ampx process changes what the worktrees of this copy share: its remote branches and its list of worktrees. */
export function withCopy<T>(
  copyDir: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  return withLock(copyDir.replace(/\.git$/, ".lock"), signal, work);
}

/** Makes the copy if it is not there, else puts back what agents have changed of it, and says what in words. For use under its lock. */
export async function ensureCopy(
  copy: BareCopy,
  identity: GitIdentity,
  call: Omit<GitCall, "cwd">,
): Promise<string[]> {
  const settings = copySettings(copy.repository.url, identity);
  const found = await readFile(join(copy.dir, "ampx.config"), "utf8").catch(
    () => null /* absent or unreadable: made anew below */,
  );
  if (found !== null || (await isNoted(copy.dir))) {
    if (found !== settings) await writeWhole(join(copy.dir, "ampx.config"), settings);
    return keepCopy(copy.dir);
  }
  // Made aside and moved in whole, so that a crash leaves either no copy or a good one.
  const unfinished = copy.dir.replace(/\.git$/, ".new");
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(dirname(copy.dir), { recursive: true, mode: 0o700 });
  await git(
    [
      "init",
      "--quiet",
      "--bare",
      "--template=",
      `--object-format=${copy.repository.objectFormat}`,
      unfinished,
    ],
    { ...call, cwd: dirname(copy.dir) },
  );
  await appendFile(join(unfinished, "config"), "[include]\n\tpath = ampx.config\n");
  await writeWhole(join(unfinished, "ampx.config"), settings);
  await noteConfig(unfinished);
  await rename(unfinished, copy.dir).catch((cause: unknown) => {
    throw new UserError(`${copy.dir} is damaged: it has no ampx.config`, {
      tryThis: "look for unpushed work in it, then move it away",
      cause,
    });
  });
  return [];
}

/**
 * Fetches the base branch, and the task's own branch if the remote has it, into `refs/remotes/origin`. For use under the copy's lock.
 * A branch that the remote no longer has is forgotten; local branches are never touched.
 */
export async function fetchBranches(
  copyDir: string,
  branches: { base: string; own: string | null },
  call: Omit<GitCall, "cwd" | "gitDir">,
): Promise<void> {
  // Always as a pack, which no agent can change: what a change is held against must not lie among the objects that they write.
  const config = [...(call.config ?? []), "fetch.unpackLimit=1"];
  const here = { ...call, cwd: copyDir, gitDir: copyDir, config };
  const args = [
    "fetch",
    "--quiet",
    "--prune",
    "--update-shallow",
    "--no-write-fetch-head",
    "origin",
    refspec(branches.base),
  ];
  // As a pattern: an absent branch is no error, and is pruned.
  if (branches.own !== null) args.push(refspec(`${branches.own}*`));
  await pastStaleLocks(copyDir, call.signal, () => git(args, here));
}

/** Tries once more when what was in the way was the lock of a dead git. For use under the copy's lock. */
export async function pastStaleLocks<T>(
  copyDir: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GitLocked)) throw error;
    if (!(await removeStaleLocks(copyDir, signal))) throw error;
    return work();
  }
}

function refspec(branch: string): string {
  return `+refs/heads/${branch}:refs/remotes/origin/${branch}`;
}

/** In a file of its own, which ampx rewrites as a whole: the copy's `config` is written to by agents, through their worktrees. */
function copySettings(url: string, identity: GitIdentity): string {
  return [
    '[remote "origin"]',
    `\turl = ${quoted(url)}`,
    "\tfetch = +refs/heads/*:refs/remotes/origin/*",
    // Agents commit; ampx pushes, to the address and not to the name.
    '\tpushurl = "disabled, ampx pushes this branch by itself"',
    "[user]",
    `\tname = ${quoted(identity.name)}`,
    `\temail = ${quoted(identity.email)}`,
    "[gc]",
    "\tauto = 0",
    "\tworktreePruneExpire = never",
    "[maintenance]",
    "\tauto = false",
    "",
  ].join("\n");
}

function quoted(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\t", "\\t")}"`;
}

async function writeWhole(file: string, text: string): Promise<void> {
  const unfinished = `${file}.new`;
  {
    await using handle = await open(unfinished, "w", 0o600);
    await handle.writeFile(text);
    await handle.sync();
  }
  await rename(unfinished, file);
}
