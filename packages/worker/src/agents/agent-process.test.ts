import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { runAgentProcess } from "./agent-process.ts";

test("a last word that comes only after the abort leaves no timer that keeps the worker alive", async () => {
  const before = await lastingTimers();
  const abort = new AbortController();
  const heard: string[] = [];
  const end = await runAgentProcess(
    {
      command: process.execPath,
      args: [
        "--eval",
        "process.on('SIGINT', () => { console.log('cancelled'); process.exit(0); }); setInterval(() => {}, 1e6); console.log('ready')",
      ],
      cwd: tmpdir(),
      env: {},
      input: "",
      mark: randomUUID(),
      rawFile: null,
      wallMs: 60_000,
      stallMs: 60_000,
      graceMs: 60_000,
      redact: (text) => text,
      onLine(_stream, { text }) {
        heard.push(text);
        if (text === "ready") abort.abort();
        return text === "cancelled" ? "over" : undefined;
      },
    },
    abort.signal,
  );
  expect(end).toEqual({ is: "cancelled" });
  expect(heard).toEqual(["ready", "cancelled"]);
  expect(await lastingTimers()).toBe(before);
});

test("an abort while the process is about to be started is heard", async () => {
  const abort = new AbortController();
  const rawFile = join(tmpdir(), `${randomUUID()}.log`);
  const running = runAgentProcess(
    {
      command: process.execPath,
      args: ["--eval", "setInterval(() => {}, 1e6)"],
      cwd: tmpdir(),
      env: {},
      input: "",
      mark: randomUUID(),
      rawFile,
      wallMs: 20_000,
      stallMs: 20_000,
      redact: (text) => text,
      onLine: () => undefined,
    },
    abort.signal,
  );
  // It is opening its file now.
  abort.abort();
  expect(await running).toEqual({ is: "cancelled" });
  await rm(rawFile, { force: true });
});

/** Timers that keep this process alive, without those that the test runner has for a moment. */
async function lastingTimers(): Promise<number> {
  let fewest = Infinity;
  for (let looks = 0; looks < 40; looks++) {
    const kinds = process.getActiveResourcesInfo();
    fewest = Math.min(fewest, kinds.filter((kind) => kind === "Timeout").length);
    await sleep(25);
  }
  return fewest;
}
