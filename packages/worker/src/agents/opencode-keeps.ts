import { join } from "node:path";
import type { Keeps } from "../sandbox/index.ts";
import type { AgentDeps } from "./agent-deps.ts";

/** Where opencode has its sessions and its login; its configuration, which names programs to run, is only read. */
export function opencodeKeeps({ env }: Pick<AgentDeps, "env">): Keeps {
  const base = (kind: string, below: string) =>
    join(env[`XDG_${kind}_HOME`] ?? join(env["HOME"] ?? "/", below), "opencode/");
  const config = base("CONFIG", ".config");
  return {
    writable: [
      base("DATA", ".local/share"),
      base("CACHE", ".cache"),
      base("STATE", ".local/state"),
      // It does not start where there is none, and it cannot make one.
      join(config, ".gitignore"),
    ],
    readable: [config],
  };
}
