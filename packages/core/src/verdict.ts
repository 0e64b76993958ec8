import type { Instant, Millis, Sha } from "./scalars.ts";

/** What CI says of one commit. Nothing yet is `running`, never `passed`. `run` names the CI run for people and links. */
export type CiVerdict =
  | {
      is: "running";
      run: string | null;
      reason: string;
      /** The run has a limit of its own and ends by it, so it need not be given up from outside. */
      endsItself: boolean;
      /** When to look again, where CI knows better than the policy. */
      lookAgainMs?: Millis;
    }
  | { is: "passed"; run: string }
  | { is: "failed"; run: string; jobs: string[] }
  /** CI could not judge the commit (runner lost, no disk, cancelled): says nothing about the code. */
  | { is: "errored"; run: string | null; cause: string }
  /** A person has to act before CI goes on, such as approve the run. Says nothing about the code either. */
  | { is: "blocked"; run: string; reason: string }
  /** Somebody else has moved the branch to `found` (null: deleted it), so that nothing judges what was pushed. */
  | { is: "moved"; found: Sha | null; reason: string }
  /** There is no CI that would ever judge this commit. */
  | { is: "none"; reason: string };

/** How an agent's turn ended. Only the first four are attempts; the others are not the agent's failure. */
export type TurnOutcome =
  | { is: "completed"; said: string }
  | { is: "stalled"; said: string; silentFor: Millis }
  | { is: "timed_out"; said: string }
  /** Ended at a limit of its own: of model calls (`turns`), or of what it may use. */
  | { is: "limit"; of: "turns" | "budget"; said: string }
  | { is: "cancelled" }
  /** `resetAt`: when the limit that was met ends, by the provider's own account. */
  | { is: "failed"; kind: AgentFailureKind; message: string; resetAt?: Instant };

export type AgentFailureKind =
  /** The login is missing, wrong or expired: only a person can mend it. */
  | "auth"
  | "rate_limit"
  | "overloaded"
  /** The conversation no longer fits the model. */
  | "context"
  /** Any other error the model's provider reported. */
  | "model"
  /** The agent's command could not be started. */
  | "spawn"
  /** The agent ended without saying how (no terminal event, unknown output). */
  | "protocol";
