import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { homePaths } from "@ampx/core/home";
import { UserError } from "@ampx/core/user-error";
import { followFile, lastLines } from "./log-file.ts";
import type { RunProgram } from "./run-program.ts";
import type { ServiceManager } from "./service-manager.ts";
import type { ServicePlan } from "./service-plan.ts";

export interface LogsOptions {
  env: NodeJS.ProcessEnv;
  lines: number;
  follow: boolean;
}

/**
 * Hands over the newest lines of the server's log and, with `follow`, all that come until the signal aborts: from the journal
 * while the unit runs and the journal has them, else from the file that the server keeps. Both hold the same lines.
 */
export async function serviceLogs(
  plan: ServicePlan,
  { manager, run }: { manager: ServiceManager; run: RunProgram },
  options: LogsOptions,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { lines, follow, env } = options;
  if (plan.manager === "systemd" && (await isActive(manager))) {
    const args = ["--user", `--unit=${plan.name}`, "--output=cat", "--quiet", `--lines=${lines}`];
    const told = await run("journalctl", [...args, "--no-pager"]);
    // Where nobody keeps a journal for users it is empty.
    if (told.is === "ended" && told.code === 0 && told.stdout.trim() !== "") {
      if (follow) return followJournal(args, env, onLine, signal);
      return told.stdout.trimEnd().split("\n").forEach(onLine);
    }
  }
  const file = homePaths(plan.home).serverLog;
  const from = await lastLines(file, lines, onLine);
  if (follow) await followFile(file, from, onLine, signal);
}

async function isActive(manager: ServiceManager): Promise<boolean> {
  try {
    return (await manager.look()).active;
  } catch (error) {
    // Without a manager there is no journal of it.
    if (error instanceof UserError) return false;
    throw error;
  }
}

async function followJournal(
  args: string[],
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn("journalctl", [...args, "--follow"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  for await (const line of createInterface({ input: child.stdout })) onLine(line);
  await ended;
  signal.throwIfAborted();
}
