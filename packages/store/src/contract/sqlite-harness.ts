import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { openStore } from "../open-store.ts";
import type { Child, StoreHarness } from "./harness.ts";

const script = fileURLToPath(new URL("child/main.ts", import.meta.url));

/** A store in a temporary folder. */
export function sqliteHarness(): StoreHarness & { file: string } {
  const folder = mkdtempSync(join(tmpdir(), "ampx-store-"));
  const file = join(folder, "ampx.db");
  const children: Child[] = [];
  return {
    file,
    open: ({ redact = (same: string) => same, now = Date.now } = {}) =>
      openStore({ file, redact, clock: { now } }),
    child(verb, ...args) {
      const child = run(file, verb, args);
      children.push(child);
      return child;
    },
    bytes: () => Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name)))),
    spoil(taskId, what) {
      const database = new Database(file);
      database.prepare("update tasks set state = '{\"phase\":7}' where id = ?").run(taskId);
      if (what === "state and events") {
        database.exec("drop trigger events_are_not_changed");
        database.prepare("update events set data = '{}' where task_id = ?").run(taskId);
      }
      database.close();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map((child) => child.kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function run(file: string, verb: string, args: string[]): Child {
  const child = spawn(process.execPath, [script, file, verb, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close") as Promise<[number | null]>;
  const errors = text(child.stderr);
  let output = "";
  const firstLine = Promise.withResolvers<string>();
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
    const [line, rest] = output.split("\n", 2);
    if (line !== undefined && rest !== undefined) firstLine.resolve(line);
  });
  return {
    pid: child.pid ?? 0,
    said: () =>
      Promise.race([
        firstLine.promise,
        ended.then(async () => Promise.reject(new Error(await errors))),
      ]),
    async result() {
      const [code] = await ended;
      if (code !== 0) throw new Error(await errors);
      return JSON.parse(output.trim().split("\n").at(-1) ?? "") as unknown;
    },
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await ended;
    },
  };
}
