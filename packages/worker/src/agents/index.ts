import { UserError } from "@ampx/core";
import type { Agent } from "../ports.ts";
import { acpAgent } from "./acp.ts";
import type { AgentDeps } from "./agent-deps.ts";
import { ampAgent } from "./amp.ts";
import { claudeAgent } from "./claude.ts";
import { codexAgent } from "./codex.ts";
import { commandAgent } from "./command.ts";
import { geminiAgent } from "./gemini.ts";
import { opencodeAgent } from "./opencode.ts";
import { scriptedAgent } from "./scripted.ts";

export type { AgentDeps } from "./agent-deps.ts";

const adapters = {
  amp: ampAgent,
  claude: claudeAgent,
  codex: codexAgent,
  opencode: opencodeAgent,
  gemini: geminiAgent,
  acp: acpAgent,
  command: commandAgent,
  scripted: scriptedAgent,
} satisfies Record<string, (deps: AgentDeps) => Agent>;

/** The names under which agents are chosen. */
export const agentNames: readonly string[] = Object.keys(adapters);

/** The agent of this name. Keep it: it remembers what it has learned of its program. Throws `UserError` for an unknown name. */
export function createAgent(name: string, deps: AgentDeps): Agent {
  const adapter = Object.entries(adapters).find(([known]) => known === name)?.[1];
  if (adapter === undefined) {
    throw new UserError(`There is no agent "${name}"`, {
      kind: "invalid",
      tryThis: `choose one of ${agentNames.join(", ")}`,
    });
  }
  return adapter(deps);
}
