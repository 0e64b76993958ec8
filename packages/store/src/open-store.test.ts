import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { TransientError, UserError } from "@ampx/core";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { addTasks, claimed, created, logLine, taskId } from "./contract/fixtures.ts";
import { sqliteHarness } from "./contract/sqlite-harness.ts";
import { openDatabase } from "./open-database.ts";
import { openStore, storeOn } from "./open-store.ts";
import { explained } from "./sqlite-error.ts";

const redact = (text: string) => text;

describe("opening the store", () => {
  it("keeps the file to its owner, and every commit through a power cut", async () => {
    await using harness = sqliteHarness();
    await using _store = await harness.open();
    for (const suffix of ["", "-wal"])
      expect(statSync(harness.file + suffix).mode & 0o777).toBe(0o600);
    const database = await openDatabase(harness.file);
    const setting = (name: string): unknown => database.pragma(name, { simple: true });
    expect([setting("journal_mode"), setting("synchronous"), setting("foreign_keys")]).toEqual([
      "wal",
      2,
      1,
    ]);
    database.close();
  });

  it("gives back what was stored after it was closed", async () => {
    await using harness = sqliteHarness();
    {
      await using store = await harness.open();
      await addTasks(store, 2);
    }
    await using store = await harness.open();
    expect(await store.listTasks({ limit: 1 })).toMatchObject({ total: 2, nextCursor: taskId(2) });
  });

  it("refuses a file that is no database, a folder, and a place that does not exist", async () => {
    await using harness = sqliteHarness();
    const folder = dirname(harness.file);
    writeFileSync(
      join(folder, "text"),
      "not a database, but long enough to be looked at ".repeat(50),
    );
    mkdirSync(join(folder, "folder"));
    await expect(openStore({ file: join(folder, "text"), redact })).rejects.toThrow(
      /text is damaged \(file is not a database\)/,
    );
    await expect(openStore({ file: join(folder, "folder"), redact })).rejects.toThrow(
      /folder cannot be opened: EISDIR/,
    );
    await expect(openStore({ file: join(folder, "no/where"), redact })).rejects.toThrow(
      /where cannot be opened: ENOENT/,
    );
    for (const name of ["text", "folder", "no/where"])
      await expect(openStore({ file: join(folder, name), redact })).rejects.toBeInstanceOf(
        UserError,
      );
    expect(readFileSync(join(folder, "text"), "utf8")).toMatch(/^not a database/);
  });

  it("refuses a database that a newer ampx has written", async () => {
    await using harness = sqliteHarness();
    await (await harness.open())[Symbol.asyncDispose]();
    const database = new Database(harness.file);
    database.pragma("user_version = 1000");
    database.close();
    await expect(harness.open()).rejects.toThrow("was written by a newer ampx");
    await expect(harness.open()).rejects.toMatchObject({ tryThis: "update ampx" });
  });

  it.skipIf(process.getuid?.() === 0)("says that a file may not be written", async () => {
    await using harness = sqliteHarness();
    await (await harness.open())[Symbol.asyncDispose]();
    chmodSync(harness.file, 0o400);
    await expect(harness.open()).rejects.toThrow("cannot be opened: EACCES");
  });
});

describe("a store in trouble", () => {
  it("says that a damaged file is damaged", async () => {
    await using harness = sqliteHarness();
    {
      await using store = await harness.open();
      await addTasks(store, 100);
    }
    const descriptor = openSync(harness.file, "r+");
    const pages = statSync(harness.file).size / 4096;
    for (let page = Math.floor(pages / 2); page < pages; page += 1)
      writeSync(descriptor, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096);
    closeSync(descriptor);
    await using store = await harness.open();
    await expect(store.listTasks({ limit: 100 })).rejects.toThrow(/ampx\.db is damaged/);
    await expect(store.listTasks({ limit: 100 })).rejects.toBeInstanceOf(UserError);
  });

  it("loses nothing when the disk is full, and goes on when there is space again", async () => {
    await using harness = sqliteHarness();
    await (await harness.open())[Symbol.asyncDispose]();
    const database = await openDatabase(harness.file);
    await using store = storeOn(database, { redact });
    await addTasks(store, 1);
    const claim = await claimed(store);
    database.pragma("max_page_count = 40");
    const flood = store.appendLog(
      taskId(1),
      Array.from({ length: 2_000 }, () => logLine("x".repeat(200))),
      5_000,
    );
    await expect(flood).rejects.toBeInstanceOf(TransientError);
    await expect(flood).rejects.toThrow("No space is left for the database");
    expect(database.inTransaction).toBe(false);
    expect(await store.readLog(taskId(1), { limit: 10 })).toEqual([]);
    expect(await store.readTask(taskId(1))).toMatchObject({ seq: claim.seq });

    database.pragma("max_page_count = 100000");
    expect(await store.createTask(created(2))).toEqual({ is: "created" });
  });

  it("tells what a person can mend from what time may mend", async () => {
    await using harness = sqliteHarness();
    await using _store = await harness.open();
    const reader = new Database(harness.file, { readonly: true });
    const writer = new Database(harness.file);
    const blocked = new Database(harness.file, { timeout: 0 });
    writer.exec("begin immediate");
    expect(errorOf(() => reader.exec("delete from workers"))).toMatchObject({
      name: "UserError",
      message: "The database the-file cannot be written.",
    });
    expect(errorOf(() => blocked.exec("begin immediate"))).toMatchObject({
      name: "TransientError",
      message: "The database the-file is held by another process.",
    });
    expect(errorOf(() => blocked.exec("select nonsense"))).toMatchObject({ name: "SqliteError" });
    for (const database of [reader, writer, blocked]) database.close();
  });

  function errorOf(run: () => unknown): unknown {
    try {
      run();
    } catch (error) {
      return explained(error, "the-file");
    }
    throw new Error("nothing went wrong");
  }
});
