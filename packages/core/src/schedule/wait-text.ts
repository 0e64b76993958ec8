import type { Instant, Millis } from "../scalars.ts";
import type { WaitReason } from "./standing.ts";

/**
 * Why a task does not begin, in one line. `name`: how people call another task, its ticket and its short id. `startAfter`: what becomes of
 * a ticket before those that depend on it begin.
 */
export function waitText(
  reason: WaitReason,
  name: (task: string) => string,
  now: Instant,
  startAfter: "merged" | "green" = "merged",
): string {
  switch (reason.for) {
    case "pause":
      return reason.repo === null
        ? "you: everything is paused (ampx resume)"
        : `you: ${reason.repo} is paused (ampx resume --repo ${reason.repo})`;
    case "dependency":
      return `ticket ${name(reason.task)} to be ${startAfter}`;
    case "failed_dependency": {
      const { reason: why, tryThis = "enqueue it again with --update, or abort this one" } = reason;
      return `ticket ${name(reason.task)}, which ${why}: ${tryThis}`;
    }
    case "lock":
      return `lock ${reason.name}, ${holderText(reason, name(reason.holder), now)}${then(reason.ahead)}`;
    case "repo_limit":
      return `a slot of ${reason.repo}: ${agents(reason.running)}${then(reason.ahead)}`;
    case "agent_limit":
      return `a slot of agent ${reason.agent}: ${tasks(reason.running)} ${reason.running === 1 ? "works" : "work"} with it${then(reason.ahead)}`;
    case "place":
      return reason.ahead === 0 ? "its turn" : `its turn: ${tasks(reason.ahead)} before it`;
  }
}

function holderText(
  { is, since }: { is: "holding" | "resting" | "beginning" | "waiting"; since: Instant | null },
  holder: string,
  now: Instant,
): string {
  const held = `held by ${holder}${since === null ? "" : ` since ${roughly(now - since)}`}`;
  switch (is) {
    case "holding":
      return held;
    case "resting":
      return `${held}, which waits for a person`;
    case "beginning":
      return `which ${holder} is about to take`;
    case "waiting":
      return `which ${holder} gets first`;
  }
}

/** In the largest unit that says enough. A clock that was set back makes it 0. */
function roughly(ms: Millis): string {
  const seconds = Math.floor(Math.max(0, ms) / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

function agents(count: number): string {
  return `${count} of its agents ${count === 1 ? "works" : "work"}`;
}

function tasks(count: number): string {
  return `${count} ${count === 1 ? "task" : "tasks"}`;
}

function then(ahead: number): string {
  return ahead === 0 ? "" : `; then ${tasks(ahead)} before it`;
}
