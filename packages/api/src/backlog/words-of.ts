import { TransientError, UserError } from "@ampx/core";
import { errorCode } from "./error-code.ts";

/** What went wrong, for a line of the log; `stack` only of what nobody expected. */
export function wordsOf(error: unknown): { words: string; stack?: unknown } {
  if (error instanceof UserError)
    return {
      words:
        error.tryThis === undefined ? error.message : `${error.message}; try: ${error.tryThis}`,
    };
  if (error instanceof TransientError) return { words: error.message };
  const code = errorCode(error);
  // The message of such an error names a path of any characters; the code is what people look up.
  if (code !== undefined && error instanceof Error)
    return { words: `${reasons.get(code) ?? "the system refuses"} (${code})` };
  return { words: String(error), stack: error };
}

const reasons = new Map([
  ["ENOENT", "it is gone"],
  ["EACCES", "ampx has no right to"],
  ["EPERM", "ampx has no right to"],
  ["EROFS", "the file system is read-only"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the quota of the disk is used up"],
  ["EXDEV", "it lies on another file system; the folders of a backlog must be on one"],
  ["EIO", "the disk fails"],
  ["EMFILE", "too many files are open"],
  ["ENFILE", "too many files are open"],
]);
