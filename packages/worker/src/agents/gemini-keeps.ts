import { join } from "node:path";
import type { Keeps } from "../sandbox/index.ts";
import type { AgentDeps } from "./agent-deps.ts";

/** They name programs to run, and steer whoever runs Gemini next. */
const settings = [
  "settings.json",
  "trustedFolders.json",
  "GEMINI.md",
  ".env",
  "commands/",
  "extensions/",
  "policies/",
];

/** Where the Gemini CLI has its login and what it keeps of a conversation. */
export function geminiKeeps({ env }: Pick<AgentDeps, "env">): Keeps {
  const folder = join(env["GEMINI_CLI_HOME"] ?? env["HOME"] ?? "/", ".gemini");
  return { writable: [join(folder, "/")], readable: settings.map((name) => join(folder, name)) };
}
