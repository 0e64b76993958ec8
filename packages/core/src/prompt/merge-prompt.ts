import type { Task } from "../task-state.ts";
import { fenced, untrusted } from "./fence.ts";
import { houseRules } from "./house-rules.ts";

export interface MergeFacts {
  task: Pick<Task, "title" | "prompt" | "base" | "branch">;
  /** What the project tells every agent; empty for nothing. */
  preamble: string;
  /** Files in which the change and the base conflict. */
  conflicts: readonly string[];
}

/** What a merger is told: the branch conflicts with its base, and both sides must live on. */
export function mergePrompt({ task, preamble, conflicts }: MergeFacts): string {
  return `${[
    preamble.trim(),
    `The change on branch ${task.branch}, which is checked out in this folder, conflicts with the newest ${task.base}. Merge origin/${task.base} into the branch and resolve the conflicts: what others did on ${task.base} stays whole, and the change does on top of it what was asked. Read the history of both sides before you choose; never take one side of a file unseen. Leave no conflict marker, and change nothing beyond the merge.`,
    untrusted("what the change is for"),
    fenced(`${task.title}\n\n${task.prompt.trim()}`),
    untrusted("the files in conflict"),
    fenced(conflicts.join("\n")),
    houseRules,
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}
