import { ampVariables } from "./amp-cli.ts";
import { claudeVariables } from "./claude-cli.ts";
import { codexVariables } from "./codex-cli.ts";
import { geminiVariables } from "./gemini.ts";
import { opencodeVariables } from "./opencode-cli.ts";

/** The names of all variables that some agent reads, beside those that `agent_env` adds. */
export const agentVariables: ReadonlySet<string> = new Set([
  ...ampVariables,
  ...claudeVariables,
  ...codexVariables,
  ...geminiVariables,
  ...opencodeVariables,
]);
