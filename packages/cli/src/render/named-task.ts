import type { NamedTask } from "@ampx/core";
import { printableLine } from "./printable.ts";

/** A task as people know it: by its ticket and its short id, or that alone. */
export function taskName({ short_id: id, ticket }: NamedTask): string {
  return ticket === null ? id : `${printableLine(ticket)} (${id})`;
}
