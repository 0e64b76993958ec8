import { userName } from "../user-name.ts";
import { launchd } from "./launchd.ts";
import type { RunProgram } from "./run-program.ts";
import type { ServiceManager } from "./service-manager.ts";
import type { ServicePlan } from "./service-plan.ts";
import { systemd } from "./systemd.ts";

/** Who runs this service on this machine. */
export function managerOf(
  plan: ServicePlan,
  env: NodeJS.ProcessEnv,
  run: RunProgram,
): ServiceManager {
  return plan.manager === "systemd"
    ? systemd(plan.name, userName(env), run)
    : launchd(plan, process.getuid?.() ?? 0, run);
}
