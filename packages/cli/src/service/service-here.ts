import { existsSync, realpathSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { managerOf } from "./manager-of.ts";
import { programRunner, type RunProgram } from "./run-program.ts";
import type { ServiceManager } from "./service-manager.ts";
import { planService, type ServicePlan } from "./service-plan.ts";

/** The service of this process's environment, and who runs it on this machine. */
export function serviceHere(): { plan: ServicePlan; manager: ServiceManager; run: RunProgram } {
  const { env, platform, execPath, argv } = process;
  const plan = planService({
    env,
    platform,
    node: lastingNode(execPath, env["PATH"] ?? ""),
    entry: resolve(argv[1] ?? ""),
  });
  const run = programRunner(env);
  return { plan, manager: managerOf(plan, env, run), run };
}

/** The first `node` of the PATH, where it is the one that runs now: package managers keep that path when they bring the next version. */
export function lastingNode(execPath: string, path: string): string {
  const first = path
    .split(delimiter)
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, "node"))
    .find((file) => existsSync(file));
  return first !== undefined && realpathSync(first) === realpathSync(execPath) ? first : execPath;
}
