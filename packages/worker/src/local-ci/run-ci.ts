import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Sha, type Instant } from "@ampx/core/scalars";
import { UserError } from "@ampx/core/user-error";
import { acquireProcessLock, type LockHolder } from "@ampx/store/process-lock";
import { tryGit } from "../git/git.ts";
import { resolveRepository, type Repository } from "../git/repository.ts";
import { ciPaths, repositoryName } from "./ci-paths.ts";
import { findScript } from "./ci-script.ts";
import { readStatus, writeRecord, type CiStatus } from "./ci-status.ts";
import { judgeCommit, type JudgingOptions } from "./judge-commit.ts";
import { clearRemains, noteOf, removeWorkFolder, workFolderPrefix } from "./remains.ts";

export interface CiRunOptions extends JudgingOptions {
  /** Path of the repository. */
  repo: string;
  /** What was pushed: a ref, or the name of a branch. */
  ref: string;
  /** Full id of the commit to judge. */
  sha: string;
  /** The branch whose `ci.sh` counts where none lies beside the repository; the default branch if not given. */
  base?: string;
  now?: () => Instant;
}

export type CiRun =
  /** `now`: judged by this run; else a verdict was there already. */
  | { is: "judged"; status: CiStatus; now: boolean; log: string }
  /** Another process judges the commit right now. */
  | { is: "running"; heldBy: LockHolder }
  | { is: "no_script"; reason: string }
  /** Could not judge, which says nothing about the commit. Recorded for the worker. */
  | { is: "errored"; cause: string }
  /** Ended by the signal: no verdict, and nothing left behind. */
  | { is: "cancelled" };

/**
 * Judges one commit of a repository on this machine with its `ci.sh` and records the verdict beside it, exactly once however often and at
 * whatever time it is called; who dies on the way is taken over from. Throws a `UserError` for arguments that name no commit of a repository.
 */
export async function runCi(options: CiRunOptions, signal: AbortSignal): Promise<CiRun> {
  const sha = fullSha(options.sha);
  const repository = await resolveRepository(options.repo, { cwd: resolve("."), signal });
  const paths = ciPaths(repository, sha);
  await mkdir(paths.folder, { recursive: true });

  const folder = join(
    tmpdir(),
    `${workFolderPrefix}${sha.slice(0, 8)}-${randomBytes(4).toString("hex")}`,
  );
  const acquired = await acquireProcessLock(paths.lock, noteOf([folder]));
  if ("heldBy" in acquired) return { is: "running", heldBy: acquired.heldBy };
  await using lock = acquired;
  await clearRemains(lock, paths.scriptMark, [folder]);

  const found = await readStatus(paths.status, sha);
  if (found.is === "judged" && counts(found.status, repository, options.base)) {
    return { is: "judged", status: found.status, now: false, log: paths.log };
  }
  const commit = { ref: fullRef(options.ref), sha, base: options.base ?? repository.defaultBranch };
  const now = options.now ?? Date.now;
  const timestamp = new Date(now()).toISOString();
  const record = {
    schema: 1 as const,
    repo: repositoryName(repository),
    ref: commit.ref,
    commit: sha,
    timestamp,
  };
  try {
    await requireCommit(repository, sha, signal);
    const script = await findScript(repository, commit, signal);
    if (script.is === "none") return { is: "no_script", reason: script.reason };
    await rm(paths.fault, { force: true });
    const started = performance.now();
    const { end, output } = await judgeCommit(
      { repository, ref: commit.ref, sha, script, paths, folder, options },
      signal,
    );
    const status: CiStatus = {
      ref: commit.ref,
      commit: sha,
      status: end.is === "exited" && end.code === 0 ? "PASS" : "FAIL",
      timestamp,
      duration: Math.round(performance.now() - started) / 1000,
      output,
      schema: 1,
      repo: record.repo,
      exit_code: end.is === "exited" ? end.code : null,
      timed_out: end.is === "timed_out",
      script:
        script.from === "beside"
          ? { from: "beside" }
          : { from: "base", base: script.base, commit: script.commit },
    };
    await writeRecord(paths.status, status);
    return { is: "judged", status, now: true, log: paths.log };
  } catch (error) {
    if (signal.aborted) return { is: "cancelled" };
    const cause = error instanceof Error ? error.message : String(error);
    await writeRecord(paths.fault, { ...record, cause });
    return { is: "errored", cause };
  } finally {
    await removeWorkFolder(folder);
  }
}

/** Whether a verdict is about this repository, and by the script that the caller asks for. */
export function counts(
  status: CiStatus,
  repository: Repository,
  base: string | undefined,
): boolean {
  if (status.repo !== undefined && status.repo !== repositoryName(repository)) return false;
  return base === undefined || status.script?.from !== "base" || status.script.base === base;
}

async function requireCommit(repository: Repository, sha: Sha, signal: AbortSignal): Promise<void> {
  const { gitDir, url } = repository;
  const { code } = await tryGit(["cat-file", "-e", `${sha}^{commit}`], {
    cwd: gitDir,
    gitDir,
    signal,
  });
  if (code !== 0) throw new Error(`${url} has no commit ${sha}`);
}

function fullSha(text: string): Sha {
  const sha = Sha.safeParse(text);
  if (sha.success) return sha.data;
  throw new UserError(`${JSON.stringify(text)} is not a full commit id`, {
    kind: "invalid",
    tryThis: "git rev-parse <commit> prints it",
  });
}

function fullRef(ref: string): string {
  return ref.startsWith("refs/") ? ref : `refs/heads/${ref}`;
}
