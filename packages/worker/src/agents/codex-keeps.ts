import { join } from "node:path";
import type { Keeps } from "../sandbox/index.ts";
import type { AgentDeps } from "./agent-deps.ts";

/** They name programs to run, and steer whoever runs Codex next. */
const settings = ["config.toml", "AGENTS.md", "hooks.json", "prompts/", "rules/"];

/** Where Codex has its sessions and its login. */
export function codexKeeps({ env }: Pick<AgentDeps, "env">): Keeps {
  const folder = env["CODEX_HOME"] ?? join(env["HOME"] ?? "/", ".codex");
  const database = env["CODEX_SQLITE_HOME"];
  return {
    writable: [folder, ...(database === undefined ? [] : [database])].map((path) =>
      join(path, "/"),
    ),
    readable: settings.map((name) => join(folder, name)),
  };
}
