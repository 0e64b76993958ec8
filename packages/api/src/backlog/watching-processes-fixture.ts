import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { filesBelow } from "./backlog-fixture.ts";

/** A process of its own that watches a backlog; disposing of it lets it end by itself. */
export function startWatching(folder: string, owner: string, log: string, killAt = 0) {
  const script = join(import.meta.dirname, "watching-process/main.ts");
  const child = spawn(process.execPath, [script, folder, owner, log, `${killAt}`], {
    stdio: ["pipe", "inherit", "inherit"],
  });
  const exited = once(child, "exit").then(() => child.signalCode);
  return {
    exited,
    async [Symbol.asyncDispose]() {
      child.stdin.on("error", () => {}).end();
      await exited;
    },
  };
}

/** Resolves when every file of the backlog has been filed away, or with the first of `or`. */
export async function allFiled<T>(folder: string, or?: Promise<T>): Promise<T | "filed"> {
  const stop = new AbortController();
  const filed = (async () => {
    while (!stop.signal.aborted) {
      const files = await filesBelow(folder).catch(() => ["gone meanwhile"]);
      if (files.every((file) => /^(processed|rejected)\//.test(file))) break;
      await sleep(20);
    }
    return "filed" as const;
  })();
  try {
    return await (or === undefined ? filed : Promise.race([filed, or]));
  } finally {
    stop.abort();
    await filed;
  }
}

/** Who took what, each once however often he did. */
export async function takers(log: string): Promise<string[]> {
  const lines = (await readFile(log, "utf8")).trim().split("\n");
  return [...new Set(lines)].toSorted();
}
