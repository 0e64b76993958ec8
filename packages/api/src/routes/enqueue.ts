import { EnqueuedTickets, EnqueueTickets } from "@ampx/core";
import { enqueueTickets, refusalOf } from "../enqueue-tickets.ts";
import { parseBody } from "../parse-request.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send.ts";
import { stillAsking } from "../still-asking.ts";

/** The largest backlog, with room for descriptions of some pages each. */
const maxBytes = 32 * 1024 * 1024;

export const enqueue: Route = {
  method: "post",
  path: "/tickets",
  name: "enqueueTickets",
  summary:
    "Makes tasks of tickets, all of them or none. The same ticket again, with the same content, changes nothing.",
  body: EnqueueTickets,
  answer: { status: 200, description: "The tasks of the tickets", schema: EnqueuedTickets },
  problems: [404, 409],
  async handle(req, res, deps) {
    const body = await parseBody(req, EnqueueTickets, maxBytes);
    using asking = stillAsking(res, deps.closing);
    const result = await enqueueTickets(body, deps, asking.signal);
    if (result.is === "refused") throw refusalOf(result.problems);
    sendJson(res, 200, result.answer);
  },
};
