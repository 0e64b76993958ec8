import type { TurnView } from "@ampx/core";
import { age } from "./duration.ts";
import { taskName } from "./named-task.ts";
import { printableLine } from "./printable.ts";

/** Whose turns still run, and for how long: `2 turns still run: AUTH-1 (x4k2pa) by amp for 5m, …`. */
export function turnsText(turns: readonly TurnView[], now: number): string {
  const named = turns.map((turn) => {
    const how = turn.since === null ? "about to begin" : `for ${age(turn.since, now)}`;
    return `${taskName(turn)} by ${printableLine(turn.agent)} ${how}`;
  });
  return `${turns.length} turn${turns.length === 1 ? " still runs" : "s still run"}: ${named.join(", ")}`;
}
