import { TransientError, UserError } from "@ampx/core";
import Database from "better-sqlite3";

/** What went wrong with the database file, said to a person; anything else (a broken constraint: a bug) is returned as it is. */
export function explained(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const cause = error;
  // Extended codes name the operation after the kind: SQLITE_IOERR_WRITE.
  switch (error.code.split("_", 2).join("_")) {
    case "SQLITE_BUSY":
    case "SQLITE_LOCKED":
    case "SQLITE_PROTOCOL":
      return new TransientError(`The database ${file} is held by another process.`, { cause });
    case "SQLITE_FULL":
      return new TransientError(
        `No space is left for the database ${file}: free some on its disk.`,
        { cause },
      );
    case "SQLITE_IOERR":
      return new TransientError(
        `The disk failed to read or write the database ${file} (${error.code}).`,
        { cause },
      );
    case "SQLITE_READONLY":
      return new UserError(`The database ${file} cannot be written.`, {
        tryThis: "give your user write permission for it and for its folder",
        cause,
      });
    case "SQLITE_CANTOPEN":
      return new UserError(`The database ${file} cannot be opened.`, {
        tryThis: "check that it is a file that your user may write",
        cause,
      });
    case "SQLITE_NOTADB":
    case "SQLITE_CORRUPT":
      return new UserError(`The database ${file} is damaged (${error.message}).`, {
        tryThis: `stop ampx, keep a copy of the file, and rescue what it holds: sqlite3 ${file} .recover`,
        cause,
      });
    default:
      return error;
  }
}
