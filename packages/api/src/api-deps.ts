import type { Instant, Left, Millis, TaskDefaults, TaskId } from "@ampx/core";
import type { ScheduleRules, Store } from "@ampx/store";

/** What the API works with; chosen once, where the process starts. */
export interface ApiDeps {
  store: Store;
  /** The bearer token that every route but `/healthz` asks for. */
  token: string;
  now(): Instant;
  newId(now: Instant): TaskId;
  version: string;
  home: string;
  /** Whose tasks and requests they are when a request does not say. */
  user: string;
  repositories: Repositories;
  defaults: TaskDefaults;
  /** By which rules tasks begin, and how many agent turns may run at once. */
  schedule: { rules: ScheduleRules; slots: number };
  /** What all tasks together may use in a day, to be told to people. */
  dayCaps: Left;
  /** The GitHub that tasks are on; to be told to people. */
  githubUrl: string;
  /** What GitHub signs its webhooks with; null: none are taken. */
  webhookSecret: string | null;
  /** Which kind of known secret a text holds, if any. */
  leakedSecret(text: string): { kind: string } | null;
  /** Files that hold the full text of a task's log. */
  logFiles(id: TaskId): Promise<string[]>;
  logger: ApiLogger;
  /** Pause between two signs of life on a stream of events; 15 s by default. */
  heartbeatMs?: Millis;
  /** How long a new task waits for the first worker to tell which agents can run, before it is accepted unchecked; 5 s by default. */
  workerPatienceMs?: Millis;
  /** How long the head of a request may take to arrive; 10 s by default. All of it may take three times as long. */
  patienceMs?: Millis;
}

export interface Repositories {
  /**
   * Finds a repository by path or by the name of a registered project, and its base branch (`base` undefined: the default
   * branch). `defaults` are the project's own; `hasIssues`: a task may be for an issue of it. Throws a `UserError` for a person to read, also when `branch` could not be
   * made there.
   */
  resolve(
    repo: string,
    base: string | undefined,
    branch: string | undefined,
  ): Promise<{ repo: string; base: string; defaults?: Partial<TaskDefaults>; hasIssues?: boolean }>;
}

export interface ApiLogger {
  info(message: string): void;
  /** A bug, with the error that shows it. */
  error(message: string, error: unknown): void;
}
