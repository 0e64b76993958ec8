import { TransientError } from "@ampx/core/transient-error";
import { UserError } from "@ampx/core/user-error";
import { plainText } from "./plain-text.ts";

/** A git command that failed in a way that ampx has no name for. */
export class GitError extends Error {
  override readonly name = "GitError";
  readonly code: number;
  /** The end of what git said, without credentials. */
  readonly stderr: string;

  constructor(args: readonly string[], failure: { code: number; stderr: string }, cause?: unknown) {
    const stderr = plainText(failure.stderr, 2_000);
    super(`git ${plainText(args.join(" "), 300)} failed (exit code ${failure.code}): ${stderr}`, {
      cause,
    });
    this.code = failure.code;
    this.stderr = stderr;
  }
}

/** Another git process holds a lock, or a dead one has left it. */
export class GitLocked extends TransientError {}

/** What a failed command means for whoever called it: wait and try again, ask a person, or a bug. */
export function gitFailure(
  args: readonly string[],
  failure: { code: number; stderr: string },
): Error {
  const cause = new GitError(args, failure);
  const known = kinds.find((kind) => kind.says.test(failure.stderr));
  if (known === undefined) return cause;
  const said = saidBy(failure.stderr);
  if (known.is === "locked") return new GitLocked(said, { cause });
  if (known.is === "transient") return new TransientError(said, { cause });
  return new UserError(said, {
    kind: known.is,
    ...(known.tryThis === undefined ? {} : { tryThis: known.tryThis }),
    cause,
  });
}

interface FailureKind {
  is: "locked" | "transient" | "failed" | "conflict" | "not_found" | "unauthorized";
  says: RegExp;
  tryThis?: string;
}

/** Read from the top: the first that matches counts. */
const kinds: FailureKind[] = [
  {
    is: "failed",
    says: /detected dubious ownership/,
    tryThis:
      "the folder belongs to another user: if you trust it, run git config --global --add safe.directory <folder>",
  },
  {
    is: "conflict",
    says: /exists; cannot create|is already (checked out|used by worktree) at/,
    tryThis: "choose another branch name (--branch)",
  },
  {
    is: "not_found",
    says: /couldn't find remote ref/i,
    tryThis: "check the name of the base branch (--base)",
  },
  {
    is: "transient",
    says: /no space left on device|disk quota exceeded|cannot allocate memory|out of memory|too many open files|resource temporarily unavailable/i,
  },
  {
    is: "unauthorized",
    says: /could not read (username|password)|authentication failed|invalid username or (token|password)|requested URL returned error: 401|^remote: (permission to|write access)|permission denied \(publickey/im,
    tryThis:
      "ampx doctor says who the worker is for the remote, and what it may do there; then ampx continue",
  },
  {
    is: "transient",
    // 403 in no more words is a limit: who may not do something is told so.
    says: /requested URL returned error: (403|408|429|5\d\d)|RPC failed|remote end hung up|unexpected disconnect|invalid server response|expected flush|bad (band|line length)|is this a git repository\?|empty reply from server|transfer closed/i,
  },
  {
    is: "not_found",
    says: /requested URL returned error: 404|repository .*not found/i,
    tryThis: "check the name of the repository, and that the worker may see it (ampx doctor)",
  },
  {
    is: "failed",
    says: /permission denied|read-only file system|operation not permitted/i,
    tryThis: "check who owns the repository and the ampx home",
  },
  {
    is: "locked",
    says: /unable to create '.*\.lock'|could not lock|cannot lock ref|unable to lock|another git process seems to be running/i,
  },
  {
    is: "transient",
    says: /could not resolve host|connection (refused|reset|timed out)|operation timed out|early eof|hung up unexpectedly|network is unreachable/i,
  },
  {
    is: "not_found",
    says: /does not appear to be a git repository|not a git repository|repository .*not found/i,
    tryThis: "check that the repository is still there",
  },
];

/** The line that names the cause. */
function saidBy(stderr: string): string {
  const lines = plainText(stderr, 4_000).split("\n");
  const telling =
    lines.find((line) => kinds.some((kind) => kind.says.test(line))) ?? lines[0] ?? "";
  return `git: ${telling.replace(/^(fatal|error): /, "")}`;
}
