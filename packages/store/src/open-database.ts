import { closeSync, openSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { TransientError, UserError } from "@ampx/core";
import Database from "better-sqlite3";
import { explained } from "./sqlite-error.ts";

/** How long a statement waits for another process's transaction, which takes milliseconds unless that process is stopped. */
const busyMs = 5_000;

/** Opens or makes the file, readable by its owner only, in the mode in which several processes use it and a power cut loses no commit. */
export async function openDatabase(file: string): Promise<Database.Database> {
  ensurePrivateFile(file);
  for (const deadline = Date.now() + busyMs; ;) {
    try {
      return openOnce(file);
    } catch (error) {
      const told = explained(error, file);
      // Two processes that turn on the write-ahead log at once do not wait for each other: SQLite lets one of them fail.
      if (!(told instanceof TransientError) || Date.now() > deadline) throw told;
      await pause(10);
    }
  }
}

/** A second connection to a file that is open already: it sees the writes of the first one as another process's. */
export function openWatcher(file: string): Database.Database {
  return new Database(file, { timeout: busyMs, fileMustExist: true });
}

function ensurePrivateFile(file: string): void {
  try {
    closeSync(openSync(file, "a", 0o600));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`The database ${file} cannot be opened: ${why}.`, {
      tryThis: "check that its folder exists and that your user may write there",
      cause,
    });
  }
}

function openOnce(file: string): Database.Database {
  const database = new Database(file, { timeout: busyMs });
  try {
    database.pragma("journal_mode = wal");
    // Not kept in the file: a write-ahead log that is opened again would run with `normal`, and a power cut could lose commits.
    database.pragma("synchronous = full");
    database.pragma("foreign_keys = on");
    database.pragma(`journal_size_limit = ${64 * 1024 * 1024}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
