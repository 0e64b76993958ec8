import type { Config } from "./config/config-schema.ts";
import type { TaskDefaults } from "./new-task.ts";

/** What tasks get by a config, the person's own or a project's. */
export function taskDefaults(config: Config): TaskDefaults {
  return {
    agent: config.agent,
    maxAttempts: config.max_attempts,
    maxMinutes: config.max_minutes,
    branchPrefix: config.branch_prefix,
    fallbacks: config.agent_fallbacks,
    maxUsd: config.max_usd,
    maxTokens: config.max_tokens,
    ticketBranches: config.tickets.branches,
  };
}
