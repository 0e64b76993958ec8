import type Database from "better-sqlite3";
import {
  CompiledQuery,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type SqliteDatabase,
  type SqliteStatement,
} from "kysely";
import { explained } from "./sqlite-error.ts";

/**
 * SQLite whose transactions take the write lock when they begin. A deferred one that reads and then writes fails at once when
 * another process wrote in between; this one waits its turn.
 */
export class ImmediateDialect extends SqliteDialect {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#database);
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database: prepared(database) });
    this.#database = database;
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite has rolled back by itself when, say, the disk was full; a second time would hide that error behind another one.
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }
}

const maxStatements = 200;

/** Keeps the newest statements, which are few and come again and again, and says errors in words. */
function prepared(database: Database.Database): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  const explain = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      throw explained(error, database.name);
    }
  };
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = explain(() => database.prepare(sql));
      const made: SqliteStatement = {
        reader: statement.reader,
        all: (parameters) => explain(() => statement.all(...parameters)),
        run: (parameters) => explain(() => statement.run(...parameters)),
        iterate: (parameters) => statement.iterate(...parameters),
      };
      statements.set(sql, made);
      for (const oldest of statements.keys()) {
        if (statements.size <= maxStatements) break;
        statements.delete(oldest);
      }
      return made;
    },
  };
}
