import type { Instant, Millis, Sha } from "@ampx/core";
import type { ListedRun } from "./answers/index.ts";
import type { CommitFacts } from "./commit-facts.ts";

/** What the worker has seen of a commit so far. Lost with the worker, which only makes it wait a little longer. */
export interface CommitMemory {
  /** When it was first looked for, or its pull request was opened: what is waited for may begin then. */
  since: Instant;
  /** Nobody has looked yet. */
  isNew: boolean;
  /** It has a pull request. */
  hasPull: boolean;
  /** What the commit itself says, once that was read. */
  facts: CommitFacts | null;
  /** When somebody last waited for its verdict; null: nobody does any more. */
  awaitedAt: Instant | null;
  /** Takes in what is listed now; returns the names of runs that were listed a moment ago and are not now. */
  see(runs: readonly ListedRun[], now: Instant): string[];
  /** A re-run of this attempt was asked for: GitHub shows it with a delay. */
  askedAgain(run: ListedRun, now: Instant): void;
  /** Whether the run is about to begin anew. */
  isAboutToRun(run: ListedRun, now: Instant): boolean;
}

export interface CommitMemories {
  of(repository: string, sha: Sha, now: Instant): CommitMemory;
  /** How many commits of the repository somebody has waited for since then. */
  awaited(repository: string, since: Instant): number;
}

/** Listings may leave a run out for minutes. */
const flickerMs: Millis = 5 * 60_000;
const rerunLagMs: Millis = 2 * 60_000;
const most = 2_000;

export function createCommitMemories(): CommitMemories {
  const memories = new Map<string, CommitMemory>();
  return {
    of(repository, sha, now) {
      const key = `${repository} ${sha}`;
      const memory = memories.get(key) ?? createMemory(now);
      memories.delete(key);
      memories.set(key, memory);
      const [oldest] = memories.keys();
      if (memories.size > most && oldest !== undefined) memories.delete(oldest);
      return memory;
    },

    awaited: (repository, since) =>
      [...memories].filter(
        ([key, { awaitedAt }]) =>
          key.startsWith(`${repository} `) && awaitedAt !== null && awaitedAt >= since,
      ).length,
  };
}

function createMemory(since: Instant): CommitMemory {
  const seen = new Map<number, { name: string; at: Instant }>();
  const again = new Map<number, { attempt: number; at: Instant }>();
  return {
    since,
    isNew: true,
    hasPull: false,
    facts: null,
    awaitedAt: null,
    see(runs, now) {
      for (const { id, name } of runs) seen.set(id, { name, at: now });
      const listed = new Set(runs.map(({ id }) => id));
      return [...seen]
        .filter(([id, { at }]) => !listed.has(id) && now - at < flickerMs)
        .map(([, { name }]) => name);
    },
    askedAgain: ({ id, attempt }, now) => void again.set(id, { attempt, at: now }),
    isAboutToRun({ id, attempt, status }, now) {
      const asked = again.get(id);
      return (
        asked !== undefined &&
        status === "completed" &&
        attempt <= asked.attempt &&
        now - asked.at < rerunLagMs
      );
    },
  };
}
