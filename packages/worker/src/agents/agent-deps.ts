import type { Config, Instant, Millis } from "@ampx/core";
import type { SandboxSettings } from "../sandbox/index.ts";

/** What the adapters work with. */
export interface AgentDeps {
  config: Pick<Config, "agents" | "agent_env">;
  /** The worker's own environment; agents get an allowed part of it. */
  env: NodeJS.ProcessEnv;
  /** Takes what is secret out of any text, best of whole lines. Doing it twice changes nothing more. */
  redact: (text: string) => string;
  /** A folder for what agents of ours remember between turns. */
  stateDir: string;
  /** Where the processes of turns are kept in; absent: they are not. */
  sandbox?: SandboxSettings;
  /** How long a process is given to obey each of SIGINT and SIGTERM; some seconds by default. */
  graceMs?: Millis;
  /** The time, from which a provider's "again in 5 minutes" counts; the system's by default. */
  now?: () => Instant;
}
