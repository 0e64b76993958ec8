import {
  allReasons,
  hasRisenBy,
  type Instant,
  isAtRest,
  needsSlot,
  restReason,
  taskTitle,
  usualPriority,
  waitsItsTurn,
  type Why,
  type WhyReason,
} from "@ampx/core";
import type { FoundSchedule, Pause, RunningTurn, TaskRow } from "@ampx/store";
import { namedTask } from "./named-task.ts";
import { plainReason, scheduleReason, type Telling } from "./reason-view.ts";
import { slotReasons } from "./slot-reasons.ts";
import { taskView } from "./task-view.ts";

/** What an answer is made of, all as of `now`. */
export interface WhySources {
  row: TaskRow;
  found: FoundSchedule;
  turns: RunningTurn[];
  pauses: Pause[];
  /** How many turns may run at once. */
  slots: number;
  startAfter: "merged" | "green";
  isWorkerAlive: boolean;
  now: Instant;
}

/** Why a task is not further than it is: of any task, in whatever phase. */
export function why(sources: WhySources): Why {
  const { row, found, now } = sources;
  const { task } = row.state;
  const reasons = reasonsOf(sources);
  const place = found.order.indexOf(row.id);
  const priority = task.priority ?? usualPriority;
  const waits = found.standing.waiting.find(({ id }) => id === row.id);
  return {
    ...namedTask(row.id, new Map()),
    ticket: task.ticket?.id ?? null,
    title: taskTitle(row.state),
    status: row.status,
    phase: row.state.phase.name,
    waiting_for: reasons[0]?.text ?? "nothing",
    reasons,
    priority,
    counts_as: priority - (waits === undefined ? 0 : hasRisenBy(waits, found.limits.ageMs, now)),
    position: place < 0 ? null : place + 1,
    queue_length: found.order.length,
  };
}

function reasonsOf(sources: WhySources): WhyReason[] {
  const { row, isWorkerAlive } = sources;
  const { state } = row;
  if (isAtRest(state)) return [restingReason(row)];
  const isWorkedOn = row.leaseHolder !== null && row.waitingFor === null;
  if (isWorkedOn) return workReasons(row);
  const reasons = waitReasons(sources);
  return isWorkerAlive ? reasons : [noWorker, ...reasons];
}

const noWorker = plainReason("worker", "a worker: none is alive (ampx status)");

/** It goes on only when somebody acts, or is about to. */
function restingReason({ state, waitingFor, waitingSince }: TaskRow): WhyReason {
  const text = waitingFor ?? restReason(state);
  const kind = text.startsWith("you: ") ? "person" : text.startsWith("nothing: ") ? "end" : "wait";
  return plainReason(kind, text, { since: waitingSince });
}

/** An agent that asks for leave waits for a person, though its turn runs. */
function workReasons(row: TaskRow): WhyReason[] {
  const { state, updatedAt } = row;
  const { waiting_for: ask, waiting_since: since, attempt } = taskView(row);
  const { phase, agent } = state;
  const turn = phase.name === "coding" ? phase.turn : null;
  const text =
    turn === null
      ? `nothing: it is ${phase.name.replaceAll("_", " ")}`
      : `nothing: ${agent} works on attempt ${attempt}`;
  const work = plainReason("work", text, { since: turn?.startedAt ?? updatedAt, agent });
  if (ask === null) return [work];
  return [plainReason("person", ask, { since: since === null ? null : Date.parse(since) }), work];
}

function waitReasons(sources: WhySources): WhyReason[] {
  const { row, found, slots, now } = sources;
  const { state, waitingFor, waitingSince: since, wakeAt } = row;
  const isLater = wakeAt !== null && wakeAt > now;
  if (waitsItsTurn(state) && !isLater) return turnReasons(sources);
  const isDue = wakeAt !== null && !isLater;
  const nextTurn = needsSlot(state) ? slotReasons(state, found, slots) : [];
  if (isDue && nextTurn.length > 0) return told(nextTurn, sources);
  const text = waitingFor ?? "a worker";
  const kind = text.startsWith("you: ") ? "person" : isDue ? "worker" : "wait";
  const wait = plainReason(kind, text, { since, until: isLater ? wakeAt : null });
  // Who has a slot by then is not known, but a pause ends by nobody's turn.
  const pauses = nextTurn.filter((reason) => reason.for === "pause");
  return [wait, ...told(pauses, sources)];
}

function turnReasons(sources: WhySources): WhyReason[] {
  const { row, found, now } = sources;
  const { standing, limits } = found;
  const reasons = told(allReasons(row.id, standing, limits, now), sources);
  const begins = "its turn: it begins as soon as a worker takes it";
  return reasons.length > 0
    ? reasons
    : [plainReason("worker", begins, { since: row.waitingSince })];
}

function told(
  reasons: Parameters<typeof scheduleReason>[0][],
  { row, found, turns, pauses, slots, startAfter, now }: WhySources,
): WhyReason[] {
  const telling: Telling = { names: found.names, turns, pauses, slots, startAfter, now };
  // Since when is known of the first alone.
  return reasons.map((reason, index) =>
    scheduleReason(reason, telling, index === 0 ? row.waitingSince : null),
  );
}
