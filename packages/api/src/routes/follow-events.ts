import { EventView, FollowEvents, type TaskId } from "@ampx/core";
import type { Request, Response } from "express";
import { lastEventId, mustAcceptEvents, openEventStream } from "../event-stream.ts";
import { findTask } from "../find-task.ts";
import { follow } from "../follow.ts";
import { parseQuery } from "../parse-request.ts";
import { invalidField } from "../problem.ts";
import type { Route, RouteDeps } from "../route.ts";
import { eventView } from "../task-view.ts";

const pageSize = 100;
const headers = [{ name: "Last-Event-ID", description: "The newest event that the client has" }];

export const followEvents: Route = {
  method: "get",
  path: "/events",
  name: "followEvents",
  summary: "Events of all tasks in commit order, from now on or after the one named.",
  query: FollowEvents,
  headers,
  answer: { status: 200, description: "Server-sent events without an end", events: EventView },
  problems: [406],
  async handle(req, res, deps) {
    const newest = await deps.store.lastEventId();
    await stream(req, res, deps, { newest, otherwise: newest });
  },
};

export const followTaskEvents: Route = {
  method: "get",
  path: "/tasks/{id}/events",
  name: "followTaskEvents",
  summary: "Events of one task, from its first one on or after the one named.",
  query: FollowEvents,
  headers,
  answer: { status: 200, description: "Server-sent events without an end", events: EventView },
  problems: [404, 406, 409],
  async handle(req, res, deps) {
    const { id } = await findTask(req, deps.store);
    await stream(req, res, deps, {
      newest: await deps.store.lastEventId(),
      otherwise: 0,
      taskId: id,
    });
  },
};

async function stream(
  req: Request,
  res: Response,
  deps: RouteDeps,
  { newest, otherwise, taskId }: { newest: number; otherwise: number; taskId?: TaskId },
): Promise<void> {
  const { after } = parseQuery(req, FollowEvents);
  mustAcceptEvents(req);
  const position = lastEventId(req) ?? after ?? otherwise;
  // A position of another database would wait for ever and miss everything until then.
  if (position > newest)
    throw invalidField(
      "after",
      `is ahead of the newest event, ${newest}`,
      "read the tasks anew and follow from there",
    );
  using events = openEventStream(res, {
    position,
    heartbeatMs: deps.heartbeatMs ?? 15_000,
    closing: deps.closing,
  });
  if (req.method === "HEAD") return;
  await follow(events, deps.store, position, async (from) => {
    const query = taskId === undefined ? { limit: pageSize } : { limit: pageSize, taskId };
    const found = await deps.store.eventsAfter(from, query);
    return found.map((event) => ({ id: event.id, data: eventView(event) }));
  });
}
