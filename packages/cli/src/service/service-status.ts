import type { ServerFile } from "@ampx/core";
import { UserError } from "@ampx/core/user-error";
import { findServer } from "../find-server.ts";
import { readService } from "./service-file.ts";
import type { ServiceManager, ServiceState } from "./service-manager.ts";
import type { ServicePlan } from "./service-plan.ts";

/** What `ampx service status --json` prints. */
export interface ServiceStatus {
  name: string;
  file: string;
  installed: boolean;
  /** The file is not as ampx wrote it. */
  changed_by_hand: boolean;
  /** Null where the manager cannot be asked. */
  enabled: boolean | null;
  active: boolean | null;
  /** In the manager's own words, or why it cannot be asked. */
  detail: string;
  /** The server of the home that answers, whoever started it. */
  server: ServerFile | null;
}

/** How the service is, and the server of its home. */
export async function serviceStatus(
  plan: ServicePlan,
  manager: ServiceManager,
): Promise<ServiceStatus> {
  const found = await readService(plan.file);
  const state = await lookOrReason(manager);
  return {
    name: plan.name,
    file: plan.file,
    installed: found !== null,
    changed_by_hand: found?.byHand === true,
    ...state,
    server: (await findServer(plan.home)) ?? null,
  };
}

async function lookOrReason(
  manager: ServiceManager,
): Promise<ServiceState | { enabled: null; active: null; detail: string }> {
  try {
    return await manager.look();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { enabled: null, active: null, detail: error.message };
  }
}
