import { z } from "zod";

/** `GET /events` and `GET /tasks/{id}/events`: server-sent events, one `EventView` each; `Last-Event-ID` counts before `after`. */
export const FollowEvents = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe(
      "Only events with a greater `id`; by default all of a task, and only new ones of the server",
    ),
});
export type FollowEvents = z.infer<typeof FollowEvents>;
