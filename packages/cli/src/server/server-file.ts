import { randomBytes } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerFile } from "@ampx/core";
import { exchange } from "../http/exchange.ts";

/** Writes the file by which clients find the server, whole or not at all. */
export async function writeServerFile(file: string, server: ServerFile): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${JSON.stringify(server)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

/** Whether the API answers at `/healthz`; asked for up to 5 s. */
export async function isHealthy(url: string, signal: AbortSignal): Promise<boolean> {
  const until = performance.now() + 5_000;
  while (!signal.aborted && performance.now() < until) {
    if (await answersOk(url, signal)) return true;
    await sleep(50);
  }
  return false;
}

async function answersOk(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await exchange({
      method: "GET",
      url: new URL("/healthz", url),
      headers: {},
      idleMs: 2_000,
      signal,
    });
    for await (const _rest of answer.body);
    return answer.status === 200;
  } catch {
    // Not yet, or not any more; the caller asks again.
    return false;
  }
}
