import { existsSync } from "node:fs";
import { TransientError } from "@ampx/core/transient-error";
import { UserError } from "@ampx/core/user-error";
import { execa } from "execa";
import { gitConfig, gitEnvironment, type GitIdentity } from "./git-environment.ts";
import { GitError, gitFailure } from "./git-failure.ts";

/** Where and for whom one git command runs. */
export interface GitCall {
  cwd: string;
  signal: AbortSignal;
  /** Named outright, git never looks for a repository in the folders above, such as a home folder that is one itself. */
  gitDir?: string;
  workTree?: string;
  /** The environment marker of the task's processes, by which what a killed worker left behind is found. */
  mark?: string;
  /** Goes on to its end when this process ends first: for what changes a person's files. */
  outlives?: boolean;
  identity?: GitIdentity;
  /** Further `-c key=value` settings. */
  config?: readonly string[];
  /** Further variables, such as credentials: nothing else of the caller's environment reaches git. */
  env?: Readonly<Record<string, string>>;
  input?: string;
  /** In characters; git is ended when it prints more. */
  maxStdout?: number;
}

export interface GitResult {
  code: number;
  stdout: string;
  /** The last 64 KiB. */
  stderr: string;
}

const maxStderr = 64 * 1024;
const timeoutMs = 15 * 60_000;

/** Runs git and returns its stdout. Throws what {@link gitFailure} makes of an exit code other than 0. */
export async function git(args: readonly string[], call: GitCall): Promise<string> {
  const result = await tryGit(args, call);
  if (result.code !== 0) throw gitFailure(args, result);
  return result.stdout;
}

/**
 * Runs git and returns its exit code as a value: for commands whose failure is an answer. Throws when git could not run to its end:
 * the signal's reason, a `UserError` without git, a `TransientError` after 15 minutes, a {@link GitError} when another signal killed it.
 */
export async function tryGit(args: readonly string[], call: GitCall): Promise<GitResult> {
  call.signal.throwIfAborted();
  const subprocess = execa("git", [...gitConfig(call.config ?? []), ...args], {
    cwd: call.cwd,
    env: { ...gitEnvironment(call), ...call.env },
    extendEnv: false,
    ...(call.input === undefined ? { stdin: "ignore" as const } : { input: call.input }),
    reject: false,
    stripFinalNewline: false,
    buffer: { stdout: true, stderr: false },
    maxBuffer: { stdout: call.maxStdout ?? 64 * 1024 * 1024 },
    timeout: timeoutMs,
    cancelSignal: call.signal,
    cleanup: call.outlives !== true,
    // The helpers of git (transports, the remote's side of a local push) end with it.
    killDescendants: true,
  });
  let stderr = "";
  subprocess.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-maxStderr);
  });
  const result = await subprocess;
  call.signal.throwIfAborted();
  if (result.exitCode !== undefined && !result.isMaxBuffer && !result.timedOut)
    return { code: result.exitCode, stdout: result.stdout, stderr };
  if (result.timedOut) throw new TransientError(`git ${args[0]} did not end within 15 minutes`);
  if (result.code === "ENOENT" && existsSync(call.cwd)) {
    throw new UserError("git is not installed, or not on the PATH", {
      tryThis: "install git 2.30 or newer",
      cause: result,
    });
  }
  if (result.code === "EAGAIN" || result.code === "ENOMEM" || result.code === "EMFILE") {
    throw new TransientError(`git could not be started: ${result.code}`, { cause: result });
  }
  const why = result.isMaxBuffer
    ? "printed too much"
    : result.isTerminated
      ? `was ended by ${result.signal}`
      : result.shortMessage;
  throw new GitError(
    args,
    { code: result.exitCode ?? -1, stderr: `${why ?? "did not run"}\n${stderr}` },
    result,
  );
}
