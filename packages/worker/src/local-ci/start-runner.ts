import { spawn } from "node:child_process";
import { once } from "node:events";

/** How a process that was just started is doing. */
export interface StartedRunner {
  /** Resolves with the exit code or signal, or why it could not be started. */
  readonly ended: Promise<string>;
}

/** Starts a process that outlives this one: in a session of its own, no descriptor in common. */
export function startRunner(command: string[], env: Record<string, string>): StartedRunner {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { cwd: "/", env, detached: true, stdio: "ignore" });
  child.unref();
  const ended = once(child, "exit").then(
    () => child.signalCode ?? `exit code ${child.exitCode}`,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { ended };
}
