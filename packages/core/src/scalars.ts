import { z } from "zod";

/** ULID of a task, upper case. People see and type its short form, see {@link shortId}. */
export const TaskId = z
  .string()
  .regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, "not a task id (26 characters, ULID)");
export type TaskId = z.infer<typeof TaskId>;

/** A full commit id. Abbreviated ids never enter the domain: a verdict belongs to exactly one commit. */
export const Sha = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, "not a full commit id");
export type Sha = z.infer<typeof Sha>;

/** Milliseconds since the Unix epoch. */
export const Instant = z.int().nonnegative();
export type Instant = z.infer<typeof Instant>;

/** A duration in milliseconds. */
export const Millis = z.int().nonnegative();
export type Millis = z.infer<typeof Millis>;

/** The last 6 characters, lower case: the first ones are time, which tasks of the same minute share. */
export function shortId(id: TaskId): string {
  return id.slice(-6).toLowerCase();
}
