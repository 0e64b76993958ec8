import { z } from "zod";
import { time } from "./fields.ts";
import { UsedView } from "./used.ts";

/** `GET /stats`. */
export const ReadStats = z.strictObject({
  since: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("Only what was used from then on; 30 days ago by default"),
  by: z.enum(["agent", "day", "repo", "creator", "task"]).default("agent"),
});
export type ReadStats = z.infer<typeof ReadStats>;

/** `GET /stats`: what was used, in groups: days newest first, others the dearest first; at most 1,000. */
export const Stats = z.object({
  since: time,
  by: ReadStats.shape.by.unwrap(),
  groups: z.array(
    z.object({
      key: z
        .string()
        .describe("Agent, repository, login name, task id, or day of the server's machine"),
      tasks: z.int().describe("Tasks that used it"),
      used: UsedView,
    }),
  ),
  total: UsedView,
});
export type Stats = z.infer<typeof Stats>;
