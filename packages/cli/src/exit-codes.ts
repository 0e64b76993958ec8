import type { UserErrorKind } from "@ampx/core";

/** What `ampx` exits with: a stable surface, told in `ampx help`. */
export const exitCodes = {
  ok: 0,
  /** It was tried and failed, or the task that was followed did not become green. */
  failed: 1,
  /** A flag, an argument or a value that is not accepted. */
  usage: 2,
  /** There is no such task, repository or project. */
  notFound: 3,
  /** The server does not run, does not answer, or does not accept this user's token. */
  unreachable: 4,
  /** The state of the task or of the server does not allow it. */
  refused: 5,
  /** Ctrl-C, as shells tell it. */
  interrupted: 130,
  /** SIGTERM, as shells tell it. */
  terminated: 143,
} as const;

/** The exit code of each kind of expected failure. */
export const exitCodeOf: Record<UserErrorKind, number> = {
  failed: exitCodes.failed,
  invalid: exitCodes.usage,
  not_found: exitCodes.notFound,
  unreachable: exitCodes.unreachable,
  unauthorized: exitCodes.unreachable,
  conflict: exitCodes.refused,
};
