import {
  type Held,
  type Instant,
  lockWish,
  type Progress,
  type Standing,
  type TicketTerms,
  type Waiting,
} from "@ampx/core";
import { sql } from "kysely";
import type { ScheduleRules, TaskName } from "../scheduling.ts";
import type { Db } from "../tables.ts";

/** What a schedule is made of, and how its tasks are called. */
export interface FoundStanding extends Standing {
  names: ReadonlyMap<string, TaskName>;
}

/** All that waits to begin, and all that it may wait for, as of now. */
export async function standing(
  db: Db,
  now: Instant,
  { startAfter }: Pick<ScheduleRules, "startAfter">,
): Promise<FoundStanding> {
  const names = new Map<string, TaskName>();
  const found = await waitingTasks(db, now);
  const tickets = await dependedOn(db, found, startAfter);
  for (const { id, short_id, ticket_id } of found)
    names.set(id, { shortId: short_id, ticket: ticket_id });
  const progress = new Map<string, Progress>();
  for (const { id, shortId, ticket, is } of tickets.values()) {
    names.set(id, { shortId, ticket });
    progress.set(id, is);
  }
  const waiting: Waiting[] = found.map((row) => ({
    id: row.id,
    priority: row.priority,
    queuedAt: row.created_at,
    repo: row.repo,
    agent: row.working_agent,
    locks: row.terms.locks.map(lockWish),
    // Who has begun once is let go on by people, whatever has become of what it depended on.
    after:
      row.phase === "queued"
        ? row.terms.dependencies.map((id) => tickets.get(keyOf(row.repo, id))?.id ?? id)
        : [],
  }));
  const held = await heldLocks(db, names);
  return {
    waiting,
    held,
    progress,
    names,
    ...(await runningTasks(db, now)),
    paused: await pausesIn(db),
  };
}

async function waitingTasks(db: Db, now: Instant) {
  const rows = await db
    .selectFrom("tasks")
    .select(["id", "short_id", "priority", "created_at", "repo", "working_agent"])
    .select(["phase", "ticket", "ticket_id"])
    .where("waits_turn", "=", 1)
    .where("lease_until", "<=", now)
    // What has failed to begin is tried again later.
    .where((row) => row.or([row("wake_at", "is", null), row("wake_at", "<=", now)]))
    .execute();
  return rows.map(({ ticket, ...row }) => ({ ...row, terms: termsOf(ticket) }));
}

/** Written by ampx alone, and read for each of very many tasks: hardly checked again. */
function termsOf(ticket: string | null): Terms {
  const terms: Partial<Terms> = ticket === null ? noTerms : JSON.parse(ticket);
  // One of another version is set aside by the claim of its task.
  const isWhole = Array.isArray(terms.locks) && Array.isArray(terms.dependencies);
  return isWhole ? { ...noTerms, ...terms } : noTerms;
}

type Terms = Pick<TicketTerms, "locks" | "dependencies">;

const noTerms: Terms = { locks: [], dependencies: [] };

function keyOf(repo: string, ticket: string): string {
  return `${repo}\n${ticket}`;
}

interface Depended {
  id: string;
  shortId: string;
  ticket: string;
  is: Progress;
}

/** The tasks of all tickets that others depend on, by repository and id of the ticket. */
async function dependedOn(
  db: Db,
  waiting: readonly { repo: string; terms: Terms }[],
  startAfter: ScheduleRules["startAfter"],
): Promise<Map<string, Depended>> {
  const wanted = new Map<string, [string, string]>();
  for (const { repo, terms } of waiting)
    for (const id of terms.dependencies) wanted.set(keyOf(repo, id), [repo, id]);
  if (wanted.size === 0) return new Map();
  const { rows } = await sql<{
    id: string;
    short_id: string;
    repo: string;
    ticket_id: string;
    phase: string;
    status: string;
  }>`
    select t.id, t.short_id, t.repo, t.ticket_id, t.phase, t.status
    from json_each(${JSON.stringify([...wanted.values()])}) wanted
    join tasks t on t.repo = wanted.value ->> 0 and t.ticket_id = wanted.value ->> 1`.execute(db);
  return new Map(
    rows.map((row) => [
      keyOf(row.repo, row.ticket_id),
      {
        id: row.id,
        shortId: row.short_id,
        ticket: row.ticket_id,
        is: progressOf(row, startAfter),
      },
    ]),
  );
}

function progressOf(
  { phase, status, short_id }: { phase: string; status: string; short_id: string },
  startAfter: ScheduleRules["startAfter"],
): Progress {
  if (phase === "merged") return { is: "done" };
  if (startAfter === "green" && (greenOnes.has(phase) || status === "success"))
    return { is: "done" };
  if (phase === "aborted") return { is: "failed", reason: "was aborted" };
  const tryThis = `ampx show ${short_id}`;
  if (phase === "error") return { is: "failed", reason: "has failed", tryThis };
  if (phase === "needs_review") return { is: "failed", reason: "needs a person", tryThis };
  return { is: "open" };
}

/** Phases of a change that is green, on its way into the base branch. */
const greenOnes = new Set(["rebasing", "merging", "awaiting_merge"]);

/** Adds the names of the holders. */
async function heldLocks(db: Db, names: Map<string, TaskName>): Promise<Held[]> {
  const rows = await db
    .selectFrom("locks")
    .innerJoin("tasks", "tasks.id", "locks.task_id")
    .select([
      "locks.task_id",
      "locks.repo",
      "locks.name",
      "locks.shared",
      "locks.since",
      "tasks.status",
      "tasks.short_id",
      "tasks.ticket_id",
    ])
    .execute();
  return rows.map((row) => {
    names.set(row.task_id, { shortId: row.short_id, ticket: row.ticket_id });
    return {
      task: row.task_id,
      repo: row.repo,
      name: row.name,
      shared: row.shared === 1,
      since: row.since,
      active: !["needs_review", "success", "error"].includes(row.status),
    };
  });
}

async function runningTasks(db: Db, now: Instant): Promise<Pick<Standing, "running">> {
  const rows = await db
    .selectFrom("tasks")
    .select(["repo", "working_agent"])
    .where("lease_worker", "is not", null)
    .where("lease_until", ">", now)
    .where("slot", "=", 1)
    .execute();
  const byRepo = new Map<string, number>();
  const byAgent = new Map<string, number>();
  for (const { repo, working_agent } of rows) {
    byRepo.set(repo, (byRepo.get(repo) ?? 0) + 1);
    byAgent.set(working_agent, (byAgent.get(working_agent) ?? 0) + 1);
  }
  return { running: { byRepo, byAgent } };
}

async function pausesIn(db: Db): Promise<Standing["paused"]> {
  const rows = await db.selectFrom("pauses").select("repo").execute();
  const repos = new Set(rows.map(({ repo }) => repo));
  return { all: repos.delete(""), repos };
}
