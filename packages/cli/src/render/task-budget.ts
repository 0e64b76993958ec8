import type { TaskDetail } from "@ampx/core";
import { costWords, dollarCap, isNothing, tokenCount, tokenWords } from "./amounts.ts";

/** What a task has spent, and of how much: attempts, minutes, money, tokens. What is not known is told so. */
export function budgetWords(task: TaskDetail): string {
  const early = task.tries.filter(({ preflight }) => preflight === "failed").length;
  const parts = [
    `${task.attempts} of ${task.max_attempts} attempts${early === 0 ? "" : ` (${early} red before the push)`}`,
    `${round(task.agent_minutes)} of ${round(task.max_minutes)} agent minutes`,
    ...used(task),
  ];
  if (task.deadline !== null) parts.push(`until ${task.deadline}`);
  return parts.join(", ");
}

function used({ used: sum, max_usd: maxUsd, max_tokens: maxTokens }: TaskDetail): string[] {
  const parts: string[] = [];
  // What has a cap is told from the beginning.
  const begun = !isNothing(sum);
  if (begun || maxUsd !== null)
    parts.push(`${costWords(sum)}${maxUsd === null ? "" : ` of ${dollarCap(maxUsd)}`}`);
  if (begun || maxTokens !== null)
    parts.push(
      `${tokenWords(sum)}${maxTokens === null ? "" : ` of ${tokenCount(maxTokens)}`} tokens`,
    );
  return parts;
}

function round(minutes: number): string {
  return String(Math.round(minutes * 10) / 10);
}
