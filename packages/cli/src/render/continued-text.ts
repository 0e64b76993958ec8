import type { TaskDetail } from "@ampx/core";
import type { Paint } from "./paint.ts";
import { printableLine } from "./printable.ts";

/** What `ampx continue` prints: what becomes of the words, by what the task was doing when they came. */
export function continuedText(
  task: Pick<TaskDetail, "short_id" | "phase_facts" | "attached_by">,
  said: { words: boolean; interrupt: boolean },
  paint: Paint,
): string {
  return [
    `${paint("green", "✓")} ${task.short_id} ${outcome(task, said)}`,
    `  follow: ampx logs -f ${task.short_id}`,
  ].join("\n");
}

function outcome(
  { phase_facts: facts, attached_by: person }: Parameters<typeof continuedText>[0],
  { words, interrupt }: { words: boolean; interrupt: boolean },
): string {
  if (person !== null) return `goes on when ${printableLine(person)} has left the worktree`;
  const isBusy = facts.name === "coding" && facts.turn !== null;
  if (!isBusy) return "goes on";
  if (!words) return "works; what you changed counts from the end of this turn on";
  return interrupt
    ? "hears your words at once: in the turn that runs, or in a new one that replaces it"
    : "works; your words wait for its next turn (--interrupt does not wait)";
}
