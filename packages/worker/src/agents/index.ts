import { UserError } from "@ampx/core";
import type { Agent } from "../ports.ts";
import { type Keeps, sandboxedAgent } from "../sandbox/index.ts";
import { acpAgent } from "./acp.ts";
import type { AgentDeps } from "./agent-deps.ts";
import { ampKeeps } from "./amp-keeps.ts";
import { ampAgent } from "./amp.ts";
import { claudeKeeps } from "./claude-keeps.ts";
import { claudeAgent } from "./claude.ts";
import { codexKeeps } from "./codex-keeps.ts";
import { codexAgent } from "./codex.ts";
import { commandAgent } from "./command.ts";
import { geminiKeeps } from "./gemini-keeps.ts";
import { geminiAgent } from "./gemini.ts";
import { opencodeKeeps } from "./opencode-keeps.ts";
import { opencodeAgent } from "./opencode.ts";
import { scriptedKeeps } from "./scripted-keeps.ts";
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

/** What each keeps on the machine. Of the other two that is not known: they may be any of these. */
const keepers: Record<string, (deps: AgentDeps) => Keeps> = {
  amp: ampKeeps,
  claude: claudeKeeps,
  codex: codexKeeps,
  opencode: opencodeKeeps,
  gemini: geminiKeeps,
  scripted: scriptedKeeps,
};

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
  const agent = adapter(deps);
  return deps.sandbox === undefined
    ? agent
    : sandboxedAgent(agent, programOf(name, deps), deps.sandbox);
}

/** One of which nothing is known sees what the others keep, for it may be one of them; it cannot change it. */
function programOf(name: string, deps: AgentDeps) {
  const { [name]: own, ...others } = keepers;
  const foreign = Object.values(others).flatMap((keepsOf) => {
    const { writable, readable } = keepsOf(deps);
    return [...writable, ...readable];
  });
  return {
    keeps: own?.(deps) ?? { writable: [], readable: [] },
    foreign: own === undefined ? [] : foreign,
    env: deps.env,
    redact: deps.redact,
  };
}
