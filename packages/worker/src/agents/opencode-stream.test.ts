import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { AgentEvent } from "../ports.ts";
import { readOpencodeLog } from "./opencode-log.ts";
import { opencodeStream } from "./opencode-stream.ts";

// What the real opencode 1.18.33 has printed.

test("a turn with tools", () => {
  const { events, ending } = play("edited");
  expect(events.filter(({ type }) => type !== "session" && type !== "usage")).toEqual([
    { type: "text", text: "I begin." },
    { type: "tool", name: "write", input: expect.stringContaining("hello moon") },
    { type: "tool_ended", name: "write", ok: true },
    { type: "tool", name: "bash", input: expect.stringContaining("exit 3") },
    { type: "tool_ended", name: "bash", ok: true },
    { type: "tool", name: "read", input: expect.stringContaining("none.txt") },
    { type: "tool_ended", name: "read", ok: false },
    { type: "text", text: "The moon it is." },
  ]);
  expect(events.filter(({ type }) => type === "usage")).toEqual(
    Array.from({ length: 4 }, () => ({
      type: "usage",
      inputTokens: 1_000,
      outputTokens: 42,
      cacheReadTokens: 500,
      cacheWriteTokens: 0,
      usd: expect.closeTo(0.001_334, 9),
      source: "summed",
    })),
  );
  expect(ending).toEqual({ is: "finished", said: "The moon it is." });
});

test("a turn that is cut off anywhere before its end has none", () => {
  const lines = linesOf("edited.stdout.jsonl");
  for (let length = 0; length < lines.length; length++)
    expect(playLines(lines.slice(0, length)).ending, `after ${length} lines`).toBeUndefined();
});

test("a key that is refused", () => {
  expect(play("wrong-key").ending).toEqual({
    is: "failed",
    kind: "auth",
    message: "APIError: 401 Invalid API key.",
  });
});

test("a conversation that does not fit is hopeless after a summary has not helped", () => {
  const { ending, hopelessAt, events } = play("outgrown");
  expect(ending).toMatchObject({ is: "failed", kind: "context" });
  expect(hopelessAt).toBeDefined();
  // What opencode tells the model is nobody's word.
  expect(JSON.stringify(events)).not.toContain("was compacted");
});

test("refused calls and the session stand in the log", () => {
  const told = linesOf("rate-limited.stderr.log").map(readOpencodeLog);
  expect(told.filter((line) => line?.is === "session")).toEqual([
    { is: "session", id: expect.stringMatching(/^ses_/) },
  ]);
  const failed = told.filter((line) => line?.is === "failed_call");
  expect(failed.length).toBeGreaterThanOrEqual(4);
  expect(new Set(failed.map(({ message }) => message))).toEqual(new Set(["Rate limit reached."]));
  expect(linesOf("no-server.stderr.log").map(readOpencodeLog)).toContainEqual({
    is: "failed_call",
    message: expect.stringContaining("Unable to connect"),
  });
});

test("other errors of the log are told, and what is no log is not read as one", () => {
  expect(linesOf("no-model.stderr.log").map(readOpencodeLog)).toContainEqual({
    is: "error",
    message: expect.stringContaining("Model not found: nobody/none."),
  });
  const words = linesOf("lost-session.stderr.log").filter((line) => !readOpencodeLog(line));
  expect(words.join()).toContain("Session not found");
  expect(readOpencodeLog("oops")).toBeUndefined();
});

function play(name: string) {
  return playLines(linesOf(`${name}.stdout.jsonl`));
}

function playLines(lines: string[]) {
  const events: AgentEvent[] = [];
  const stream = opencodeStream((event) => events.push(event));
  let hopelessAt: number | undefined;
  for (const [index, line] of lines.entries())
    if (stream.read(line) === "hopeless") hopelessAt ??= index;
  return { events, ending: stream.ending(), hopelessAt };
}

function linesOf(file: string): string[] {
  const path = fileURLToPath(new URL(`./fixtures/opencode/${file}`, import.meta.url));
  return readFileSync(path, "utf8").trimEnd().split("\n");
}
