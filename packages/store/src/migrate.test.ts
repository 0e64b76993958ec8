import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "@ampx/core";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { sqliteHarness } from "./contract/sqlite-harness.ts";
import { migrate } from "./migrate.ts";
import { readSchemaFiles, schemaFiles, type SchemaFiles } from "./schema-files.ts";

describe("the migrations of ampx", () => {
  const files = schemaFiles();

  it("end at the tables of schema.sql, from each version that ever was", () => {
    using fresh = database();
    migrate(fresh, files);
    for (let version = 1; version <= files.migrations.length; version += 1) {
      using older = atVersion(version, files);
      migrate(older, files);
      expect(definitions(older), `from version ${version}`).toEqual(definitions(fresh));
      expect(older.pragma("user_version", { simple: true })).toBe(files.migrations.length);
    }
  });

  it("schedule the tasks that wait to begin, but those that a person is in or wants ended", () => {
    using older = atVersion(5, files);
    const requests = [{}, { abort: { by: "ada", at: 1 } }, { attach: { by: "ada", at: 1 } }];
    for (const [n, request] of requests.entries()) {
      const state = { agent: "amp", requests: { abort: null, attach: null, ...request } };
      older
        .prepare(
          `insert into tasks (id, short_id, repo, base, branch, title, prompt, agent, created_by, created_at, state, seq, updated_at, status, phase, attempts, summary, needs_slot)
           values (?, ?, '/r', 'main', ?, '', '', 'codex', 'ada', 1, ?, 1, 1, 'queued', 'queued', 0, '', 0)`,
        )
        .run(`task ${n}`, `${n}`, `b/${n}`, JSON.stringify(state));
    }
    migrate(older, files);
    expect(
      older
        .prepare("select waits_turn, working_agent, priority from tasks order by id")
        .raw()
        .all(),
    ).toEqual([
      [1, "amp", 5],
      [0, "amp", 5],
      [0, "amp", 5],
    ]);
  });

  it("leave a database that is up to date alone", () => {
    using fresh = database();
    migrate(fresh, files);
    const before = fresh.serialize();
    migrate(fresh, files);
    expect(fresh.serialize().equals(before)).toBe(true);
  });

  it("keep the log of events as it is: it can be neither changed nor shortened", async () => {
    await using harness = sqliteHarness();
    await using _store = await harness.open();
    using raw = closing(new Database(harness.file));
    raw.pragma("foreign_keys = off");
    raw.exec("insert into events (task_id, seq, at, type, data) values ('t', 1, 1, 'x', '{}')");
    expect(() => raw.exec("update events set type = 'y'")).toThrow("events are never changed");
    expect(() => raw.exec("delete from events")).toThrow("events are never deleted");
  });
});

describe("migrate", () => {
  const first = "create table notes (id integer primary key, text text not null);";
  const second =
    "alter table notes add column done integer not null default 0; update notes set done = 1 where text = 'old';";
  const schema =
    "create table notes (id integer primary key, text text not null, done integer not null default 0);";
  const files = { schema, migrations: [first, second] };

  it("brings a database of the version before up to date, with what is in it", () => {
    using older = atVersion(1, files);
    older.exec("insert into notes (text) values ('old'), ('new')");
    migrate(older, files);
    expect(older.prepare("select text, done from notes order by id").raw().all()).toEqual([
      ["old", 1],
      ["new", 0],
    ]);
    using fresh = database();
    migrate(fresh, files);
    expect(definitions(older)).toEqual(definitions(fresh));
  });

  it("changes nothing when a migration fails half way", () => {
    using older = atVersion(1, files);
    const broken = {
      schema,
      migrations: [first, second, "create table more (id); insert into absent values (1);"],
    };
    expect(() => migrate(older, broken)).toThrow("no such table: absent");
    expect(older.pragma("user_version", { simple: true })).toBe(1);
    expect(definitions(older)).toEqual(definitions(atVersion(1, files)));
    expect(older.inTransaction).toBe(false);
  });

  it("refuses a database that a newer ampx has written", () => {
    using newer = database();
    newer.pragma("user_version = 3");
    expect(() => migrate(newer, files)).toThrow(UserError);
    expect(() => migrate(newer, files)).toThrow(
      "was written by a newer ampx (its version is 3, this ampx knows 2)",
    );
    expect(newer.pragma("user_version", { simple: true })).toBe(3);
  });

  it("refuses a database that is somebody else's", () => {
    using other = database();
    other.exec("create table songs (id)");
    expect(() => migrate(other, files)).toThrow("is a database, but not of ampx");
    expect(definitions(other)).toHaveLength(1);
  });

  it("reads migrations in the order of their numbers, which have no gaps", () => {
    using folder = schemaFolder({
      "0001-a.sql": first,
      "0002-b.sql": second,
      "README.md": "words",
    });
    expect(readSchemaFiles(folder.url)).toEqual({ schema, migrations: [first, second] });
    using gap = schemaFolder({ "0001-a.sql": first, "0003-b.sql": second });
    expect(() => readSchemaFiles(gap.url)).toThrow("0003-b.sql is number 2");
  });

  function schemaFolder(migrations: Record<string, string>) {
    const folder = mkdtempSync(join(tmpdir(), "ampx-schema-"));
    mkdirSync(join(folder, "migrations"));
    writeFileSync(join(folder, "schema.sql"), schema);
    for (const [name, text] of Object.entries(migrations))
      writeFileSync(join(folder, "migrations", name), text);
    return {
      url: pathToFileURL(`${folder}/`),
      [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
    };
  }
});

function database() {
  return closing(new Database(":memory:"));
}

function closing<T extends Database.Database>(open: T): T & Disposable {
  return Object.assign(open, { [Symbol.dispose]: () => void open.close() });
}

/** A database as the migrations up to a version have made it. */
function atVersion(version: number, { migrations }: SchemaFiles) {
  const older = database();
  for (const migration of migrations.slice(0, version)) older.exec(migration);
  older.pragma(`user_version = ${version}`);
  return older;
}

/** Every table, index and trigger, without the comments and the layout of its text. */
function definitions(of: Database.Database): unknown[] {
  const rows = of
    .prepare("select type, name, coalesce(sql, '') from sqlite_schema order by type, name")
    .raw()
    .all() as string[][];
  return rows.map(([type, name, sql = ""]) => [
    type,
    name,
    sql
      .replace(/--.*$/gm, "")
      .replace(/\s+/g, " ")
      .replace(/ ?([(),;]) ?/g, "$1"),
  ]);
}
