import { spawn } from "node:child_process";
import { once } from "node:events";
import { UserError } from "@ampx/core/user-error";
import { exitCodes } from "../exit-codes.ts";
import { Ended } from "../report-failure.ts";

const graceMs = 5_000;

/**
 * Hands the terminal to a program until it ends. Ctrl-C is the program's own. Where this process is asked to end, or the terminal goes, the
 * program is ended first; then throws `Ended`. Throws a `UserError` when the program cannot be started.
 */
export async function openCommand(command: readonly string[], cwd: string): Promise<void> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { cwd, stdio: "inherit" });
  let asked = false;
  let deadline: NodeJS.Timeout | undefined;
  const end = (signal: NodeJS.Signals) => {
    asked = true;
    child.kill(signal);
    deadline ??= setTimeout(() => child.kill("SIGKILL"), graceMs);
  };
  const leaveToProgram = () => undefined;
  process.on("SIGINT", leaveToProgram);
  process.on("SIGQUIT", leaveToProgram);
  process.on("SIGTERM", end);
  process.on("SIGHUP", end);
  try {
    await once(child, "exit");
  } catch (cause) {
    throw new UserError(`${program} cannot be started: ${reasonOf(cause)}`, {
      tryThis: "--shell, for a shell in the worktree",
      cause,
    });
  } finally {
    clearTimeout(deadline);
    process.off("SIGINT", leaveToProgram);
    process.off("SIGQUIT", leaveToProgram);
    process.off("SIGTERM", end);
    process.off("SIGHUP", end);
  }
  if (asked) throw new Ended(exitCodes.terminated);
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Error && "code" in cause && cause.code === "ENOENT")
    return "it is not installed";
  return cause instanceof Error ? cause.message : String(cause);
}
