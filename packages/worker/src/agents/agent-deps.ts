import type { Config, Millis } from "@ampx/core";

/** What the adapters work with. */
export interface AgentDeps {
  config: Pick<Config, "agents" | "agent_env">;
  /** The worker's own environment; agents get an allowed part of it. */
  env: NodeJS.ProcessEnv;
  /** Takes what is secret out of any text, best of whole lines. Doing it twice changes nothing more. */
  redact: (text: string) => string;
  /** A folder for what agents of ours remember between turns. */
  stateDir: string;
  /** How long a process is given to obey each of SIGINT and SIGTERM; some seconds by default. */
  graceMs?: Millis;
}
