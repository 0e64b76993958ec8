import {
  type Instant,
  type NamedTask,
  type WaitReason,
  waitText,
  type WhyReason,
} from "@ampx/core";
import { type FoundSchedule, type Pause, type RunningTurn, taskWords } from "@ampx/store";
import { namedTask } from "./named-task.ts";

/** What reasons are told with. */
export interface Telling {
  names: FoundSchedule["names"];
  turns: RunningTurn[];
  pauses: Pause[];
  slots: number;
  startAfter: "merged" | "green";
  now: Instant;
}

/** A reason of the schedule. `since`: since when the task waits for it, where the reason does not say. */
export function scheduleReason(
  reason: WaitReason,
  telling: Telling,
  since: Instant | null,
): WhyReason {
  const { names, turns, slots, startAfter, now } = telling;
  const words = waitText(reason, (task) => taskWords(task, names), now, startAfter);
  const isFull = reason.for === "place" && turns.length >= slots;
  const text = isFull ? `${words}; ${allSlots(slots)} busy` : words;
  return {
    ...plainReason(reason.for, text),
    since: timeOrNull(begunAt(reason, telling) ?? since),
    tasks: tasksOf(reason, telling),
    repo: "repo" in reason ? reason.repo : null,
    lock: reason.for === "lock" ? reason.name : null,
    agent: "agent" in reason ? reason.agent : null,
    ahead: "ahead" in reason ? reason.ahead : null,
  };
}

/** One that is about no other task. */
export function plainReason(
  kind: WhyReason["kind"],
  text: string,
  more: { since?: Instant | null; until?: Instant | null; agent?: string } = {},
): WhyReason {
  return {
    kind,
    text,
    since: timeOrNull(more.since ?? null),
    until: timeOrNull(more.until ?? null),
    tasks: [],
    repo: null,
    lock: null,
    agent: more.agent ?? null,
    ahead: null,
  };
}

function allSlots(slots: number): string {
  return slots === 1 ? "the agent slot is" : `all ${slots} agent slots are`;
}

/** Since when that is so which it waits for. */
function begunAt(reason: WaitReason, { pauses }: Telling): Instant | null {
  if (reason.for === "lock") return reason.since;
  if (reason.for === "pause") return pauses.find(({ repo }) => repo === reason.repo)?.at ?? null;
  return null;
}

function tasksOf(reason: WaitReason, { names, turns }: Telling): NamedTask[] {
  switch (reason.for) {
    case "pause":
      return [];
    case "dependency":
    case "failed_dependency":
      // One that is not known has only the id of its ticket.
      return names.has(reason.task) ? [namedTask(reason.task, names)] : [];
    case "lock":
      return [namedTask(reason.holder, names)];
    case "repo_limit":
      return turns.filter(({ repo }) => repo === reason.repo).map(turnTask);
    case "agent_limit":
      return turns.filter(({ agent }) => agent === reason.agent).map(turnTask);
    case "place":
      return turns.map(turnTask);
  }
}

function turnTask({ id, shortId, ticket }: RunningTurn): NamedTask {
  return { id, short_id: shortId, ticket };
}

function timeOrNull(at: Instant | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
