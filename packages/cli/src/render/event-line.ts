import { type EventView, TaskEvent } from "@ampx/core";
import { eventText } from "@ampx/core";
import { clockTime } from "./clock-time.ts";
import type { Paint } from "./paint.ts";
import { printableLine } from "./printable.ts";

/** One event of a task's history. An event that this version does not know is told by its name. */
export function eventLine(event: EventView, paint: Paint): string {
  return `${paint("dim", clockTime(event.at))}  ${words(event)}`;
}

function words(event: EventView): string {
  const known = TaskEvent.safeParse({ ...event, at: Date.parse(event.at) });
  return printableLine(known.success ? eventText(known.data) : event.type.replaceAll("_", " "));
}
