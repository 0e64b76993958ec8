import { rm } from "node:fs/promises";
import { changedByHand, fileText, readService } from "./service-file.ts";
import type { ServiceManager } from "./service-manager.ts";
import type { ServicePlan } from "./service-plan.ts";

/** Ends the service and takes its file away; keys, home and tasks stay. False when none was installed. Throws a `UserError` where that cannot be. */
export async function uninstallService(
  plan: ServicePlan,
  manager: ServiceManager,
  { force }: { force: boolean },
): Promise<boolean> {
  const found = await readService(plan.file);
  if (found === null) return false;
  if (found.byHand && found.text !== fileText(plan) && !force)
    throw changedByHand(plan.file, "uninstall", " deletes it nevertheless");
  await manager.disable();
  await rm(plan.file, { force: true });
  await manager.forget();
  return true;
}
