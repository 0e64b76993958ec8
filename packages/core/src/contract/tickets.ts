import { z } from "zod";
import { TaskId } from "../scalars.ts";
import { Ticket } from "../ticket/ticket.ts";
import { line } from "./fields.ts";

/** At most so many tickets in one request. */
export const maxTickets = 10_000;

/** `POST /tickets`. */
export const EnqueueTickets = z.strictObject({
  tickets: z
    .array(Ticket)
    .min(1)
    .max(maxTickets)
    .describe(
      "All of them are enqueued, or none. Their dependencies are each other, or there already",
    ),
  repo: line
    .max(4096)
    .optional()
    .describe(
      "Repository of tickets that name none: an absolute path, owner/name, or the name of a registered project",
    ),
  update: z
    .boolean()
    .optional()
    .describe(
      "Changes tickets that have not begun, and begins those anew that were aborted or have failed",
    ),
  created_by: line
    .max(100)
    .optional()
    .describe("Whose tasks they are; the server's user by default"),
});
export type EnqueueTickets = z.infer<typeof EnqueueTickets>;

/** `200` of `POST /tickets`. */
export const EnqueuedTickets = z.object({
  tickets: z
    .array(
      z.object({
        ticket: z.string().describe("Id of the ticket"),
        is: z
          .enum(["created", "changed", "unchanged"])
          .describe("unchanged: it was there already, with the same content"),
        id: TaskId,
        short_id: z.string(),
        branch: z.string(),
        title: z.string(),
        priority: z.int(),
      }),
    )
    .describe("In the order of the request"),
});
export type EnqueuedTickets = z.infer<typeof EnqueuedTickets>;
