import { LogLine, LogPage, ReadLogs, type TaskId } from "@ampx/core";
import type { Store } from "@ampx/store";
import type { Request, Response } from "express";
import { lastEventId, openEventStream } from "../event-stream.ts";
import { findTask } from "../find-task.ts";
import { follow } from "../follow.ts";
import { parseQuery } from "../parse-request.ts";
import type { Route, RouteDeps } from "../route.ts";
import { sendJson } from "../send.ts";

const pageSize = 10_000;
const streamedPageSize = 500;

export const readLogs: Route = {
  method: "get",
  path: "/tasks/{id}/logs",
  name: "readLogs",
  summary:
    "A task's log: what the worker did, what the agent and CI said. Goes on as server-sent events when asked for them.",
  query: ReadLogs,
  headers: [{ name: "Last-Event-ID", description: "`n` of the newest line that the client has" }],
  answer: { status: 200, description: "Lines, oldest first", schema: LogPage, events: LogLine },
  problems: [404, 409],
  async handle(req, res, deps) {
    const { id } = await findTask(req, deps.store);
    const query = parseQuery(req, ReadLogs);
    if (/\btext\/event-stream\b/i.test(req.headers.accept ?? ""))
      return followLog(req, res, deps, id, query);
    const page: LogPage = {
      lines: await readLines(deps.store, id, query),
      files: await deps.logFiles(id),
    };
    sendJson(res, 200, page);
  },
};

async function followLog(
  req: Request,
  res: Response,
  deps: RouteDeps,
  id: TaskId,
  query: ReadLogs,
): Promise<void> {
  const position = lastEventId(req) ?? (await startOf(deps.store, id, query));
  using events = openEventStream(res, {
    position,
    heartbeatMs: deps.heartbeatMs ?? 15_000,
    closing: deps.closing,
  });
  if (req.method === "HEAD") return;
  await follow(events, deps.store, position, async (after) => {
    const lines = await deps.store.readLog(id, {
      ...filters(query),
      after,
      limit: streamedPageSize,
    });
    return lines.map((line) => ({ id: line.n, data: line }));
  });
}

/** The position before the first line that a stream begins with. */
async function startOf(store: Store, id: TaskId, query: ReadLogs): Promise<number> {
  const after = query.after ?? 0;
  if (query.tail === undefined) return after;
  if (query.tail > 0) {
    const [first] = await readLines(store, id, query);
    return first === undefined ? after : first.n - 1;
  }
  const [newest] = await store.readLog(id, { tail: 1, limit: 1 });
  return Math.max(after, newest?.n ?? 0);
}

async function readLines(store: Store, id: TaskId, query: ReadLogs): Promise<LogLine[]> {
  const { after, tail } = query;
  if (tail === 0) return [];
  return store.readLog(id, {
    ...filters(query),
    ...(after === undefined ? {} : { after }),
    ...(tail === undefined ? {} : { tail }),
    limit: tail ?? pageSize,
  });
}

function filters({
  stream,
  attempt,
}: ReadLogs): Pick<Parameters<Store["readLog"]>[1], "streams" | "attempt"> {
  return {
    ...(stream === undefined ? {} : { streams: stream }),
    ...(attempt === undefined ? {} : { attempt }),
  };
}
