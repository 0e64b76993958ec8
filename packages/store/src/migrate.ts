import { UserError } from "@ampx/core";
import type Database from "better-sqlite3";
import type { SchemaFiles } from "./schema-files.ts";
import { explained } from "./sqlite-error.ts";

/**
 * Makes the tables of a fresh database, or brings those of an older one up to date, in one transaction: all or nothing.
 * Refuses a database that a newer ampx has written and a file that is somebody else's.
 */
export function migrate(database: Database.Database, { schema, migrations }: SchemaFiles): void {
  const newest = migrations.length;
  if (versionOf(database) === newest) return;
  try {
    database.exec("begin immediate");
    // Looked at again: another process may have done it meanwhile.
    const version = versionOf(database);
    if (version > newest)
      throw new UserError(
        `The database ${database.name} was written by a newer ampx (its version is ${version}, this ampx knows ${newest}).`,
        {
          tryThis: "update ampx",
        },
      );
    if (version === 0) create(database, schema);
    else for (const migration of migrations.slice(version)) database.exec(migration);
    database.pragma(`user_version = ${newest}`);
    database.exec("commit");
  } catch (error) {
    if (database.inTransaction) database.exec("rollback");
    throw explained(error, database.name);
  }
}

function create(database: Database.Database, schema: string): void {
  const tables = database.prepare("select count(*) from sqlite_schema").pluck().get();
  if (tables !== 0)
    throw new UserError(`${database.name} is a database, but not of ampx.`, {
      tryThis: "choose another file or home folder",
    });
  database.exec(schema);
}

function versionOf(database: Database.Database): number {
  try {
    return Number(database.pragma("user_version", { simple: true }));
  } catch (error) {
    throw explained(error, database.name);
  }
}
