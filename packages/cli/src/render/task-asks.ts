import type { TaskDetail } from "@ampx/core";
import type { Paint } from "./paint.ts";
import { printableLine } from "./printable.ts";

type Asking = Pick<TaskDetail, "asks" | "short_id">;

/** What the agent asks for, each with the command that answers it; empty when it asks for nothing. */
export function asksText(task: Asking, paint: Paint): string {
  if (task.asks.length === 0) return "";
  const lines = task.asks.flatMap(({ id, tool, input, why }) => [
    `  ${paint("yellow", String(id))}  ${printableLine(tool)}  ${inputWords(input)}`,
    `     ${printableLine(why)}`,
    `     ${paint("dim", answerCommand(task.short_id, id))}`,
  ]);
  return [paint("bold", "The agent asks"), ...lines].join("\n");
}

/** Enough to decide by; what is longer says so, for what is not seen must not be allowed by oversight. */
function inputWords(input: string): string {
  const line = printableLine(input);
  const more = line.length - maxChars;
  return more <= 0
    ? line
    : `${line.slice(0, maxChars)}… (${more} more characters, whole with --json)`;
}

const maxChars = 1_000;

/** The command that answers an ask. */
function answerCommand(task: string, ask: number): string {
  return `ampx answer ${task} ${ask} --allow, or --deny`;
}
