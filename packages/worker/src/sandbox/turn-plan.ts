import { userInfo } from "node:os";
import { join } from "node:path";
import type { Config } from "@ampx/core";
import type { Turn } from "../ports.ts";
import { AccessPlan, expandHome, type Keeps } from "./access-plan.ts";
import { allowGit } from "./git-access.ts";
import { privatePaths, publicInRun } from "./private-paths.ts";

export interface SandboxSettings extends Omit<Config["sandbox"], "mode"> {
  /** The ampx home. Of it only the turn's own is seen. */
  home: string;
}

export interface SandboxedProgram {
  keeps: Keeps;
  /** What belongs to other agents, and is not for this one. */
  foreign: readonly string[];
  env: NodeJS.ProcessEnv;
  redact: (text: string) => string;
}

/** What a turn may do with which path. Makes what the agent needs and does not find. */
export async function turnPlan(
  { cwd, tmp, mark }: Turn,
  { keeps, foreign, env }: SandboxedProgram,
  { home, writable, readable }: SandboxSettings,
  signal: AbortSignal,
): Promise<AccessPlan> {
  const person = env["HOME"] ?? userInfo().homedir;
  const expanded = (paths: readonly string[]) => paths.map((path) => expandHome(path, person));
  const plan = new AccessPlan();
  await plan.set("scratch", ["/tmp", "/var/tmp"]);
  await plan.set("hidden", privatePaths(new Set([person, userInfo().homedir])));
  await plan.set("readable", publicInRun);
  await plan.set("hidden", [...foreign, home]);
  await plan.keep(keeps);
  // What is not there is meant to be a folder.
  await plan.keep({ writable: expanded(writable).map((path) => join(path, "/")), readable: [] });
  await plan.set("readable", expanded(readable));
  await allowGit(plan, { home, cwd }, { mark, signal });
  await plan.set("writable", [cwd, tmp]);
  return plan;
}
