import type { Generated, Kysely, Selectable } from "kysely";

/** The columns of `schema.sql`, which says what each means. */
export interface Tables {
  tasks: TaskColumns;
  task_counts: { repo: string; created_by: string; status: string; count: number };
  events: {
    id: Generated<number>;
    task_id: string;
    seq: number;
    at: number;
    type: string;
    data: string;
  };
  log_lines: {
    task_id: string;
    n: number;
    at: number;
    stream: string;
    attempt: number;
    text: string;
  };
  idempotency_keys: { key: string; digest: string; task_id: string; at: number };
  read_marks: { name: string; at: number };
  workers: {
    id: string;
    host: string;
    pid: number;
    started: string;
    alive_at: number;
    slots: number;
    agents: string;
  };
  usage: {
    event_id: number;
    task_id: string;
    at: number;
    agent: string;
    input_tokens: number | null;
    output_tokens: number | null;
    cache_read_tokens: number | null;
    cache_write_tokens: number | null;
    usd: number | null;
  };
  webhooks: { repository: string; runs_at: number | null; words_at: number | null };
  rate_limits: {
    host: string;
    scope: string;
    requests: number;
    remaining: number;
    resets_at: number;
    told_at: number;
  };
  locks: { task_id: string; repo: string; name: string; shared: number; since: number };
  pauses: { repo: string; by: string; at: number; until_restart: number };
  parked_agents: {
    agent: string;
    kind: string;
    message: string;
    since: number;
    until: number;
    refusals: number;
  };
}

/** The database, or a transaction on it. Nothing but queries is awaited inside a transaction: it holds up all others. */
export type Db = Kysely<Tables>;

export type StoredTask = Selectable<TaskColumns>;

interface TaskColumns {
  id: string;
  short_id: string;
  repo: string;
  base: string;
  branch: string;
  title: string;
  prompt: string;
  agent: string;
  created_by: string;
  created_at: number;
  state: string;
  seq: number;
  updated_at: number;
  status: string;
  phase: string;
  thread_id: string | null;
  ci_run_id: string | null;
  commit_sha: string | null;
  attempts: number;
  summary: string;
  needs_slot: number;
  lock: string | null;
  wake_at: number | null;
  waiting_for: string | null;
  waiting_since: number | null;
  faults: Generated<number>;
  epoch: Generated<number>;
  lease_worker: string | null;
  lease_host: string | null;
  lease_pid: number | null;
  lease_started: string | null;
  lease_until: Generated<number>;
  lease_renewed_at: number | null;
  slot: Generated<number>;
  hurried_at: number | null;
  issue: number | null;
  priority: Generated<number>;
  ticket_id: string | null;
  ticket: string | null;
  waits_turn: Generated<number>;
  working_agent: Generated<string>;
}
