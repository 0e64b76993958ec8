import type { Instant } from "@ampx/core";
import type Database from "better-sqlite3";
import { Kysely } from "kysely";
import { ImmediateDialect } from "./immediate-dialect.ts";
import { migrate } from "./migrate.ts";
import { openDatabase, openWatcher } from "./open-database.ts";
import { appendLog } from "./queries/append-log.ts";
import { append } from "./queries/append.ts";
import { claim } from "./queries/claim.ts";
import { countByStatus } from "./queries/count-by-status.ts";
import { createTask } from "./queries/create-task.ts";
import { enqueue } from "./queries/enqueue.ts";
import { eventsAfter } from "./queries/events-after.ts";
import { findRepeated } from "./queries/find-repeated.ts";
import { freeDeadLeases } from "./queries/free-dead-leases.ts";
import { hurry } from "./queries/hurry.ts";
import { inFlight } from "./queries/in-flight.ts";
import { lastEventId } from "./queries/last-event-id.ts";
import { listTasks } from "./queries/list-tasks.ts";
import { newestEvents } from "./queries/newest-events.ts";
import { nextDue } from "./queries/next-due.ts";
import { noteRateLimits } from "./queries/note-rate-limits.ts";
import { noteWaits } from "./queries/note-waits.ts";
import { openChanges } from "./queries/open-changes.ts";
import { parkedAgents } from "./queries/parked-agents.ts";
import { pause, pauses, resume } from "./queries/pauses.ts";
import { prolongLeases } from "./queries/prolong-leases.ts";
import { rateLimits } from "./queries/rate-limits.ts";
import { readLog } from "./queries/read-log.ts";
import { readMark } from "./queries/read-mark.ts";
import { readSchedule } from "./queries/read-schedule.ts";
import { readTask } from "./queries/read-task.ts";
import { release } from "./queries/release.ts";
import { renew } from "./queries/renew.ts";
import { reportWorker } from "./queries/report-worker.ts";
import { reposSince } from "./queries/repos-since.ts";
import { request } from "./queries/request.ts";
import { resolveTaskId } from "./queries/resolve-task-id.ts";
import { setReadMark } from "./queries/set-read-mark.ts";
import { tasksWithLocks } from "./queries/tasks-with-locks.ts";
import { turns } from "./queries/turns.ts";
import { usageStats } from "./queries/usage-stats.ts";
import { usedSince } from "./queries/used-since.ts";
import { wakeWaiting } from "./queries/wake-waiting.ts";
import { webhookOfRunsAt } from "./queries/webhook-of-runs-at.ts";
import { webhooksOfWords } from "./queries/webhooks-of-words.ts";
import { workers } from "./queries/workers.ts";
import { redactDeep } from "./redact-deep.ts";
import { schemaFiles } from "./schema-files.ts";
import type { Store } from "./store.ts";
import type { Db, Tables } from "./tables.ts";
import { Watcher } from "./watcher.ts";

export interface StoreOptions {
  /** The database file; made, with its tables, when it does not exist. */
  file: string;
  /** Takes out what must not be kept. Applied to every string that is written, but for the names in leases; must leave ids, commit ids and paths alone, and be cheap. */
  redact: (text: string) => string;
  /** Only tells readers whether a lease has run out. */
  clock?: { now(): Instant };
}

/** Opens the store, and makes or updates its tables first. Throws a `UserError` when the file cannot be used. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const database = await openDatabase(options.file);
  try {
    migrate(database, schemaFiles());
    return storeOn(database, options);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The store on an open database with up-to-date tables, which it closes in the end. */
export function storeOn(
  database: Database.Database,
  { redact, clock = { now: Date.now } }: Omit<StoreOptions, "file">,
): Store {
  const db = new Kysely<Tables>({ dialect: new ImmediateDialect(database) });
  const watcher = new Watcher(() => openWatcher(database.name));

  const read =
    <A extends unknown[], R>(query: (db: Db, ...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      query(db, ...args);
  const writeAsIs =
    <A extends unknown[], R>(query: (db: Db, ...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const result = await query(db, ...args);
      watcher.nudge();
      return result;
    };
  // The only way in for words: nothing that anybody said is written without being redacted here.
  const write = <A extends unknown[], R>(query: (db: Db, ...args: A) => Promise<R>) => {
    const run = writeAsIs(query);
    return (...args: A): Promise<R> => run(...redactDeep(args, redact));
  };

  return {
    createTask: write(createTask),
    findRepeated: read(findRepeated),
    readTask: (id) => readTask(db, id, clock.now()),
    resolveTaskId: read(resolveTaskId),
    listTasks: (query) => listTasks(db, query, clock.now()),
    countByStatus: read(countByStatus),
    openChanges: read(openChanges),
    inFlight: read(inFlight),
    request: write(request),
    enqueue: write(enqueue),
    readSchedule: read(readSchedule),
    noteWaits: write(noteWaits),
    pause: write(pause),
    resume: writeAsIs(resume),
    pauses: read(pauses),
    turns: read(turns),
    tasksWithLocks: read(tasksWithLocks),
    append: write(append),
    release: write(release),
    // A lease is made of names that ampx makes and compares, so they must stay as they are.
    claim: writeAsIs(claim),
    renew: writeAsIs(renew),
    freeDeadLeases: writeAsIs(freeDeadLeases),
    nextDue: read(nextDue),
    prolongLeases: writeAsIs(prolongLeases),
    wakeWaiting: writeAsIs(wakeWaiting),
    eventsAfter: read(eventsAfter),
    newestEvents: read(newestEvents),
    lastEventId: read(lastEventId),
    appendLog: write(appendLog),
    readLog: read(readLog),
    reportWorker: write(reportWorker),
    workers: read(workers),
    parkedAgents: read(parkedAgents),
    usedSince: read(usedSince),
    usageStats: read(usageStats),
    reposSince: read(reposSince),
    readMark: read(readMark),
    setReadMark: writeAsIs(setReadMark),
    hurry: write(hurry),
    webhookOfRunsAt: read(webhookOfRunsAt),
    webhooksOfWords: read(webhooksOfWords),
    noteRateLimits: write(noteRateLimits),
    rateLimits: read(rateLimits),
    watch: () => watcher.watch(),
    async [Symbol.asyncDispose]() {
      watcher[Symbol.dispose]();
      await db.destroy();
      // Kysely closes only what it has used.
      database.close();
    },
  };
}
