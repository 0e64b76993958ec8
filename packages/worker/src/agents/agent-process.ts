import { spawn, type ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Millis } from "@ampx/core";
import type { Confined, Turn } from "../ports.ts";
import { endProcesses, markVariable } from "../process-tree.ts";
import { lineReader, type OutputLine } from "./line-reader.ts";
import { openRawFile, type RawFile } from "./raw-file.ts";
import { watch, type Bite, type Watchdog } from "./watchdog.ts";

export interface ProcessRequest {
  command: string;
  args: readonly string[];
  cwd: string;
  /** The whole environment, but for the mark. */
  env: Record<string, string>;
  /** Written to the standard input, which is then closed; a function is given the open input, and closes it. While it has said `busy`, silence is no stall. */
  input: string | ((stdin: Writable, watchdog: Pick<Watchdog, "busy">) => void);
  mark: string;
  /** See `Turn`. */
  confine?: Turn["confine"];
  /** All output is appended here, redacted. */
  rawFile: string | null;
  wallMs: Millis;
  stallMs: Millis;
  /** How long each of SIGINT and SIGTERM is given to be obeyed. */
  graceMs?: Millis;
  redact: (text: string) => string;
  /** See `LineReaderOptions`. */
  verbatim?: boolean;
  maxLine?: number;
  /** Called in order per stream. `"over"`: this was the last word; the process has twice the grace left to end by itself. */
  onLine(stream: "stdout" | "stderr", line: OutputLine): "over" | void;
}

export type ProcessEnd =
  /** Ended by itself. Neither code nor signal: it did not, although it had said its last word. */
  | { is: "exited"; code: number | null; signal: NodeJS.Signals | null }
  | { is: "not_started"; message: string }
  | { is: "cancelled" }
  | Bite;

const defaultGraceMs = 5_000;
/** Silence after which the pipes are closed when all processes have gone. */
const drainMs = 2_000;

/**
 * Runs one process to its end with bounded memory: it is read no faster than its output is kept. However it ends, the
 * whole tree below it is ended before this resolves. Does not throw; an abort ends it as `cancelled`.
 */
export async function runAgentProcess(
  request: ProcessRequest,
  signal: AbortSignal,
): Promise<ProcessEnd> {
  const { graceMs = defaultGraceMs } = request;
  await using raw = await openRawFile(request.rawFile);
  // From here to the listener nothing is waited for: an abort in between would be heard by nobody.
  if (signal.aborted) return { is: "cancelled" };
  const confined = request.confine?.(request.command, request.args);
  const child = start(request, confined);
  if (child instanceof Error) return { is: "not_started", message: child.message };

  const stop = Promise.withResolvers<ProcessEnd>();
  const cancel = () => stop.resolve({ is: "cancelled" });
  signal.addEventListener("abort", cancel, { once: true });
  child.once("exit", (code, by) => stop.resolve({ is: "exited", code, signal: by }));
  child.once("error", (error) => stop.resolve({ is: "not_started", message: error.message }));
  let linger: NodeJS.Timeout | undefined;
  // To the very end: a last word may come after the abort, and its timer would keep this process alive.
  using _noLinger = { [Symbol.dispose]: () => clearTimeout(linger) };
  const over = () =>
    (linger ??= setTimeout(
      () => stop.resolve({ is: "exited", code: null, signal: null }),
      2 * graceMs,
    ));

  using watchdog = watch(request, stop.resolve);
  const to: Reading = { request, confined, raw, watchdog, over, chunks: 0, working: 0 };
  const reading = Promise.all([read(child.stdout, "stdout", to), read(child.stderr, "stderr", to)]);
  // A fault of whoever takes the lines ends the process, and is thrown where `reading` is awaited.
  reading.catch(cancel);
  // A process that ends without reading its input breaks the pipe; how it ended is told by its exit.
  child.stdin?.on("error", () => undefined);
  if (typeof request.input === "string") child.stdin?.end(request.input);
  else if (child.stdin !== null) request.input(child.stdin, watchdog);

  const end = await stop.promise;
  watchdog[Symbol.dispose]();
  signal.removeEventListener("abort", cancel);
  await endTree(child, { ...request, levels: confined?.levels ?? 0 }, graceMs);
  await settled(reading, to, child);
  const fault = end.is === "exited" && end.code !== 0 ? confined?.fault() : undefined;
  return fault === undefined ? end : { is: "not_started", message: fault };
}

/** In a session of its own, so that Ctrl-C in the terminal of the worker reaches the worker alone. */
function start(request: ProcessRequest, confined: Confined | undefined): ChildProcess | Error {
  const { cwd, env, mark } = request;
  const { command, args } = confined ?? request;
  try {
    return spawn(command, args, {
      cwd,
      env: { ...env, [markVariable]: mark },
      stdio: "pipe",
      detached: true,
    });
  } catch (error) {
    // Arguments that no process can be given, such as one with a NUL character.
    return error instanceof Error ? error : new Error(String(error));
  }
}

interface Reading {
  request: ProcessRequest;
  confined: Confined | undefined;
  raw: RawFile;
  watchdog: ReturnType<typeof watch>;
  over: () => void;
  /** How far the reading is, and how many chunks are being dealt with. */
  chunks: number;
  working: number;
}

async function read(
  output: Readable | null,
  stream: "stdout" | "stderr",
  to: Reading,
): Promise<void> {
  if (output === null) return;
  const { request, confined, raw, watchdog, over } = to;
  const { redact, verbatim = false, maxLine = 1024 * 1024 } = request;
  const reader = lineReader({ redact, verbatim, maxLine });
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const take = async ({ raw: text, lines }: ReturnType<typeof reader.read>) => {
    for (const line of lines) {
      confined?.heard(stream, line.text);
      if (request.onLine(stream, line) === "over") over();
    }
    const lost = await raw.append(text);
    if (lost !== undefined)
      request.onLine("stderr", { text: `The raw output is not kept: ${lost}`, cut: false });
  };
  try {
    // The next chunk is asked for only when the one before has been dealt with: this is the backpressure.
    for await (const chunk of output as AsyncIterable<Buffer>) {
      to.chunks++;
      to.working++;
      watchdog.busy(true);
      await take(reader.read(decoder.decode(chunk, { stream: true })));
      watchdog.busy(false);
      to.working--;
    }
  } catch (error) {
    // Only after the end: an escaped process held the pipe open, and it was closed from this side.
    if (!output.destroyed) throw error;
  }
  await take(reader.read(decoder.decode()));
  await take(reader.end());
}

async function endTree(
  child: ChildProcess,
  request: ProcessRequest & { levels: number },
  graceMs: Millis,
): Promise<void> {
  const { mark, levels } = request;
  try {
    const head = child.pid === undefined ? {} : { pid: child.pid, levels };
    await endProcesses({ ...head, mark, graceMs });
  } catch (error) {
    // The outcome of the turn stands. Whoever goes on with the worktree ends the marked processes first, and meets the same fault.
    request.onLine("stderr", {
      text: error instanceof Error ? error.message : String(error),
      cut: false,
    });
  }
}

/** All output up to the end of the pipes. A process that cannot be found may hold one open; its silence is not waited for. */
async function settled(
  reading: Promise<unknown>,
  progress: Reading,
  child: ChildProcess,
): Promise<void> {
  const done = new AbortController();
  void reading.finally(() => done.abort()).catch(() => undefined);
  for (
    let before = -1;
    !done.signal.aborted && (progress.working > 0 || progress.chunks !== before);
  ) {
    before = progress.chunks;
    // Cut short when all has been read.
    await sleep(drainMs, undefined, { signal: done.signal }).catch(() => undefined);
  }
  child.stdout?.destroy();
  child.stderr?.destroy();
  await reading;
}
