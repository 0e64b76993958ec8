import { join } from "node:path";
import type { Keeps } from "../sandbox/index.ts";
import type { AgentDeps } from "./agent-deps.ts";

/** Its settings name hooks, and with the rest steer whoever runs Claude Code next. */
const settings = [
  "settings.json",
  "CLAUDE.md",
  "agents/",
  "commands/",
  "hooks/",
  "skills/",
  "plugins/",
  "local/",
];

/** Where Claude Code has its sessions and its login. */
export function claudeKeeps({ env }: Pick<AgentDeps, "env">): Keeps {
  const home = env["HOME"] ?? "/";
  const folder = env["CLAUDE_CONFIG_DIR"] ?? join(home, ".claude");
  const state = join(env["CLAUDE_CONFIG_DIR"] ?? home, ".claude.json");
  return {
    writable: [join(folder, "/")],
    readable: [state, ...settings.map((name) => join(folder, name))],
  };
}
