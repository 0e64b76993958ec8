import { join, resolve } from "node:path";
import type { Keeps } from "../sandbox/index.ts";
import type { AgentDeps } from "./agent-deps.ts";

/** Where it remembers its sessions, and what it plays. */
export function scriptedKeeps({ config, stateDir }: Pick<AgentDeps, "config" | "stateDir">): Keeps {
  const { script } = config.agents.scripted;
  return {
    writable: [join(resolve(stateDir), "/")],
    readable: script === undefined ? [] : [resolve(script)],
  };
}
