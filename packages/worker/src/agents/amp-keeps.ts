import { join } from "node:path";
import type { Keeps } from "../sandbox/index.ts";
import type { AgentDeps } from "./agent-deps.ts";

/** Where Amp has its threads; its settings, which say what it may do, are only read. */
export function ampKeeps({ env }: Pick<AgentDeps, "env">): Keeps {
  const home = env["HOME"] ?? "/";
  return {
    writable: [join(home, ".local/share/amp/"), join(home, ".cache/amp/")],
    readable: [join(home, ".config/amp"), join(home, ".amp")],
  };
}
