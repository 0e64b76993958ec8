import { z } from "zod";
import { time } from "./fields.ts";

export const LogStream = z.enum(["worker", "agent", "ci"]);
export type LogStream = z.infer<typeof LogStream>;

/** `GET /tasks/{id}/logs`; with `Accept: text/event-stream` it goes on for ever, one `LogLine` an event. */
export const ReadLogs = z.strictObject({
  tail: z.coerce.number().int().min(0).max(100_000).optional().describe("Only the newest N lines"),
  after: z.coerce.number().int().min(0).optional().describe("Only lines with a greater `n`"),
  stream: z
    .string()
    .transform((list) => list.split(","))
    .pipe(z.array(LogStream))
    .optional()
    .describe("Comma-separated streams"),
  attempt: z.coerce.number().int().min(1).optional(),
});
export type ReadLogs = z.infer<typeof ReadLogs>;

export const LogLine = z.object({
  n: z
    .int()
    .describe(
      "Position in the task's log, from 1; gaps mark lines that are only in the file on disk",
    ),
  at: time,
  stream: LogStream,
  attempt: z.int(),
  text: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;

/** `GET /tasks/{id}/logs`. */
export const LogPage = z.object({
  lines: z
    .array(LogLine)
    .describe(
      "Oldest first, at most 10,000 without `tail`: ask again with `after` until none is left",
    ),
  files: z.array(z.string()).describe("Files on the server's machine that hold the full text"),
});
export type LogPage = z.infer<typeof LogPage>;
