import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerFile } from "@ampx/core";
import { UserError } from "@ampx/core/user-error";
import { findServer } from "../find-server.ts";
import { readConfig } from "../server/server-config.ts";
import { leftOut } from "./left-out.ts";
import { changedByHand, fileText, keysFile, readService, writeService } from "./service-file.ts";
import type { ServiceManager } from "./service-manager.ts";
import { checkEntry, type ServicePlan } from "./service-plan.ts";

export interface InstallOptions {
  env: NodeJS.ProcessEnv;
  /** The version that installs. */
  version: string;
  /** Starts it at once. */
  start: boolean;
  /** Overwrites what a person has changed. */
  force: boolean;
  /** How long a server that was started is waited for, in milliseconds. */
  patienceMs: number;
}

export interface Installed {
  /** `unchanged`: the file was there, just like this. */
  wrote: "new" | "changed" | "unchanged";
  /** The server that answers; null when none was to be started, or it does not answer yet. */
  server: ServerFile | null;
  /** Variables of this environment that the service does not have. */
  leftOut: string[];
  notes: string[];
}

/** Installs the service of a plan, or renews it. Throws a `UserError`, with nothing written, where that cannot be. */
export async function installService(
  plan: ServicePlan,
  manager: ServiceManager,
  options: InstallOptions,
): Promise<Installed> {
  const { env, version, start, force } = options;
  checkEntry(plan.command[1] ?? "");
  // Told now, not by a service that does not start.
  const config = await readConfig(env);
  const before = await manager.look();
  const found = await readService(plan.file);
  if (found?.byHand === true && found.text !== fileText(plan) && !force)
    throw changedByHand(plan.file, "install", hintOf(plan));
  const running = await findServer(plan.home);
  if (start && running !== undefined && !before.active)
    throw new UserError(`An ampx server that was started by hand runs: ${running.url}`, {
      kind: "conflict",
      tryThis: "ampx stop, then the same again (turns that run go on afterwards)",
    });

  const keys = await keysFile(plan, manager.restartCommand);
  const isSame = found?.text === fileText(plan);
  if (!isSame) await writeService(plan);
  await manager.enable({ start });
  const server = start ? await answering(plan.home, manager, options.patienceMs) : null;
  const notes = [...(await notesOnKeys(plan.environmentFile)), ...(await manager.notes())];
  const isOld = before.active && (!isSame || (server !== null && server.version !== version));
  if (isOld) notes.push(`what runs is from before; to renew it: ${manager.restartCommand}`);
  if (start && server === null) notes.push("it does not answer yet; see: ampx service logs");
  return {
    wrote: found === null ? "new" : isSame ? "unchanged" : "changed",
    server,
    leftOut: leftOut(env, config, plan, keys),
    notes,
  };
}

async function answering(
  home: string,
  manager: ServiceManager,
  patienceMs: number,
): Promise<ServerFile | null> {
  for (let waited = 0; ; waited += 100) {
    const server = await findServer(home);
    if (server !== undefined) return server;
    if (waited >= patienceMs) return null;
    // It has failed for good: nothing more is to be expected.
    if (waited % 1_000 === 900 && !(await manager.look()).active) return null;
    await sleep(100);
  }
}

async function notesOnKeys(file: string): Promise<string[]> {
  const { mode } = await stat(file);
  return (mode & 0o077) === 0 ? [] : [`others can read ${file}: chmod 600 '${file}'`];
}

function hintOf({ manager, name }: ServicePlan): string {
  return manager === "systemd"
    ? ` overwrites it; changes of your own are kept in a drop-in: systemctl --user edit ${name}`
    : " overwrites it";
}
