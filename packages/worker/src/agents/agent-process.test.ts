import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
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
