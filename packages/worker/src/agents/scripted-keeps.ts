import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Keeps } from "../sandbox/index.ts";
import type { AgentDeps } from "./agent-deps.ts";

/** Where it remembers its sessions, what it plays, and its program, which is a part of ampx and may lie anywhere. */
export function scriptedKeeps({ config, stateDir }: Pick<AgentDeps, "config" | "stateDir">): Keeps {
  const { script } = config.agents.scripted;
  return {
    writable: [join(resolve(stateDir), "/")],
    readable: [
      dirname(process.execPath),
      installation(),
      ...(script === undefined ? [] : [resolve(script)]),
    ],
  };
}

/** The uppermost folder above this file that holds packages: they are imported from there. */
function installation(): string {
  let found = import.meta.dirname;
  for (let at = found; at !== dirname(at); at = dirname(at))
    if (existsSync(join(at, "node_modules"))) found = at;
  return found;
}
