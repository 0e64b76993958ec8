import type {
  InFlight,
  Instant,
  IssueLink,
  Left,
  PermissionPolicy,
  Policy,
  Price,
  TamperPolicy,
  TaskEvent,
  TaskState,
} from "@ampx/core";
import type { Agent, Ci, Clock, Forge, Preflight, TaskIssue, Workspace } from "../ports.ts";
import type { TaskLog } from "./task-log.ts";

/** The adapters that serve one task. */
export interface TaskPorts {
  agent: Agent;
  workspace: Workspace;
  ci: Ci;
  forge: Forge;
  /** The issue that the task is for; absent where there is none. */
  issue?: TaskIssue;
  /** Null when the project wants none. */
  preflight: Preflight | null;
  /** What the base branch of the project says beside that: never the task's own commits. */
  project: Project;
}

export interface Project {
  /** How a change is tied to the issue that its task is for. */
  linkIssues: IssueLink;
  /** Whether people can say something to the task in comments. */
  hearsCommands: boolean;
  gate: TamperPolicy;
  /** What a million tokens cost, by agent, for those that do not tell. */
  prices: Readonly<Record<string, Price | undefined>>;
  /** What is answered to an agent that asks before it uses a tool. */
  permissions: PermissionPolicy;
  /** What every agent is told, from `.ampx/prompt.md`; empty for nothing. */
  preamble: string;
}

/** What an effect may use: the task, the world, and the one way to say what came of it. */
export interface TaskContext {
  /** The state as of the newest event. */
  readonly state: TaskState;
  /** Appends an event; what it follows from must have happened (or, for an intent, be about to). Throws when the lease is lost. */
  record(event: TaskEvent): Promise<void>;
  readonly ports: TaskPorts;
  /** The worktree, when it was prepared a moment ago: under this lease, and nothing has run in it since. */
  readonly preparedWorktree: string | null;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly log: TaskLog;
  /** Takes out what is secret. */
  readonly redact: (text: string) => string;
  readonly processes: TaskProcesses;
  /** Makes a private temporary folder for one turn; its scope removes it, and the next one what a killed worker left. */
  turnFolder(): Promise<AsyncDisposable & { path: string }>;
  /** Where the full text of something is kept, beside the worktree and outside of every commit: `turn-3.log`, `ci-2.log`. */
  logFile(name: string): string;
  /** What all tasks together may still use today. */
  leftToday(): Promise<Left>;
  /** Whether nothing begins now, in the task's repository or anywhere. */
  isPaused(): Promise<boolean>;
  /** The other tasks in flight of the same repository and base branch. */
  inFlight(): Promise<InFlight[]>;
  /** Calls back with the newest state whenever it may have changed while an effect runs: so people reach a turn. Not called for what was before. */
  onNews(listener: (state: TaskState) => void): Disposable;
  /** When the worker before was last known to be alive, if it did not end this lease by itself. */
  readonly brokenOffAt: Instant | null;
  /** Aborts when a person aborts the task, the worker stops, or the lease is lost; the reason is an `Interruption`. */
  readonly signal: AbortSignal;
}

/** The processes of a task, known by a marker in their environment. */
export interface TaskProcesses {
  /** What those that are started under this lease are marked with. */
  readonly mark: string;
  /** Ends every process of the task with all descendants, whoever started it; resolves when none is left. */
  end(): Promise<void>;
  /** The same for those of this lease alone: a worker that has lost its lease unawares must not end its successor's. */
  endOwn(): Promise<void>;
}

/** Why an effect was cut off. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  readonly by: "abort" | "shutdown" | "lease_lost";

  constructor(by: "abort" | "shutdown" | "lease_lost") {
    super(`interrupted: ${by}`);
    this.by = by;
  }
}
