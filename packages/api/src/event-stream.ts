import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Millis } from "@ampx/core";
import { jsonText } from "./json-text.ts";
import { ProblemError } from "./problem.ts";

export interface Message {
  /** What the client gives back as `Last-Event-ID` when it comes again. */
  id: number;
  data: unknown;
}

/** A stream of server-sent events to one client. */
export interface EventStream extends Disposable {
  /** Aborts when the client has gone or the server ends. */
  signal: AbortSignal;
  /** Resolves when there is room for more, so that a slow client holds up only itself. */
  send(messages: Message[]): Promise<void>;
}

/**
 * Opens a stream that goes on after `position`, which the client learns at once: it can come back to it before anything
 * has happened. The client is told to come back after a second; comments are its signs of life.
 */
export function openEventStream(
  res: ServerResponse,
  options: { position: number; heartbeatMs: Millis; closing: AbortSignal },
): EventStream {
  res.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "X-Accel-Buffering": "no",
  });
  res.write(`retry: 1000\nid: ${options.position}\n\n`);

  const gone = new AbortController();
  const leave = () => gone.abort();
  res.once("close", leave);
  options.closing.addEventListener("abort", leave, { once: true });
  if (options.closing.aborted || res.closed) leave();

  const heartbeat = setInterval(() => {
    if (!res.writableNeedDrain) res.write(":\n\n");
  }, options.heartbeatMs);

  return {
    signal: gone.signal,
    send: async (messages) => {
      let text = "";
      for (const [at, { id, data }] of messages.entries()) {
        text += `id: ${id}\ndata: ${jsonText(data)}\n\n`;
        if (text.length < chunkLength && at < messages.length - 1) continue;
        if (gone.signal.aborted) return;
        if (!res.write(text)) await drained(res, gone.signal);
        text = "";
      }
    },
    [Symbol.dispose]: () => {
      clearInterval(heartbeat);
      options.closing.removeEventListener("abort", leave);
      res.end();
    },
  };
}

/** Small events share a write; a large one is let out before the next one is made into text. */
const chunkLength = 65_536;

/** Refuses a client that will not read server-sent events, which would wait for an end that never comes. */
export function mustAcceptEvents(req: IncomingMessage): void {
  if (!acceptsEvents(req) && req.headers.accept !== undefined)
    throw new ProblemError("not_acceptable", "The route answers with server-sent events.", {
      tryThis: "Accept: text/event-stream",
    });
}

/** Where a client wants to go on: the header counts before the query, which a browser repeats unchanged when it reconnects. */
export function lastEventId(req: IncomingMessage): number | undefined {
  const text = req.headers["last-event-id"];
  if (text === undefined) return undefined;
  if (typeof text !== "string" || !/^\d{1,15}$/.test(text))
    throw new ProblemError("bad_request", "The Last-Event-ID header is not an id of this stream.");
  return Number(text);
}

/** Whether the Accept header names server-sent events, or anything at all. */
function acceptsEvents(req: IncomingMessage): boolean {
  return /(^|,)\s*(text\/event-stream|text\/\*|\*\/\*)\s*(;|,|$)/i.test(req.headers.accept ?? "");
}

async function drained(res: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(res, "drain", { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
