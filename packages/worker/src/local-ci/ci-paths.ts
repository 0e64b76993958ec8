import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import type { Sha } from "@ampx/core";
import type { Repository } from "../git/repository.ts";

/** What is kept about the CI of one commit, and by which names its processes are known. */
export interface CiPaths {
  /** `ci-status` beside a bare repository, `.git/ampx/ci-status` in a clone, where people would see it. */
  folder: string;
  /** The verdict, see `CiStatus`. */
  status: string;
  /** Why there is no verdict, see `CiFault`. */
  fault: string;
  /** All that `ci.sh` printed. */
  log: string;
  /** Held by whoever judges the commit. */
  lock: string;
  /** The marker of the processes that judge the commit; the post-receive hook gives them the same one. */
  runnerMark: string;
  /** The marker of what they start: `ci.sh` and all below it. */
  scriptMark: string;
}

export function ciPaths(
  repository: Pick<Repository, "kind" | "url" | "gitDir">,
  sha: Sha,
): CiPaths {
  const { kind, url, gitDir } = repository;
  const folder =
    kind === "bare" ? join(dirname(url), "ci-status") : join(gitDir, "ampx", "ci-status");
  const key = createHash("sha256").update(gitDir).digest("hex").slice(0, 16);
  return {
    folder,
    status: join(folder, `${sha}.json`),
    fault: join(folder, `${sha}.error.json`),
    log: join(folder, `${sha}.log`),
    lock: join(folder, `${sha}.lock`),
    runnerMark: runnerMark(gitDir, sha),
    scriptMark: `ampx-ci-script:${key}:${sha}`,
  };
}

/** Readable, and made in the same way by the hook, which is a shell script. */
export function runnerMark(gitDir: string, sha: Sha): string {
  return `ampx-ci:${gitDir.replaceAll(/\s/g, "_")}:${sha}`;
}

/** A repository's name among those that share a `ci-status`. It outlives a move of the project. */
export function repositoryName(repository: Pick<Repository, "url">): string {
  return basename(repository.url);
}
