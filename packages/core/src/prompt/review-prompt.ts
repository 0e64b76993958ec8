import type { Task } from "../task.ts";
import { fenced, untrusted } from "./fence.ts";

export interface ReviewFacts {
  task: Pick<Task, "title" | "prompt" | "base" | "branch">;
  /** What the project tells every agent; empty for nothing. */
  preamble: string;
  /** The unified diff of the branch against its base, or the part of it that fits. */
  diff: string;
  /** What was tried, a line an attempt. */
  summary: string;
}

/** What a reviewer is told: it reads, judges, and changes nothing. */
export function reviewPrompt({ task, preamble, diff, summary }: ReviewFacts): string {
  return `${[
    preamble.trim(),
    `Review the change on branch ${task.branch} for ${task.base}, which is checked out in this folder. Its CI is green; judge what CI cannot: does it do what was asked, wholly and no more, is it right in the cases that nobody tested, is it safe, is it as simple as it can be, are its tests real?`,
    untrusted("what was asked of its author"),
    fenced(`${task.title}\n\n${task.prompt.trim()}`),
    summary === "" ? "" : untrusted("what its author tried"),
    summary === "" ? "" : fenced(summary),
    untrusted("the change"),
    fenced(diff),
    "Change no file. Answer with the verdict alone on the first line, `approve` or `request changes`, then one line for each thing that must change: file:line, what is wrong, what would be right. Ask for changes only where something is wrong, not where you would have written it otherwise.",
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}
