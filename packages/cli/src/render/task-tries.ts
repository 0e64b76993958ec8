import type { TaskDetail } from "@ampx/core";
import { judgementOf, outcomeWords } from "@ampx/core/projection";
import { costWords } from "./amounts.ts";
import type { Paint } from "./paint.ts";
import { printableLine } from "./printable.ts";

type Try = TaskDetail["tries"][number];

/** The attempts of a task, a line each: what was pushed, by whom if that varies, what it cost, and what became of it. */
export function triesText(task: TaskDetail, paint: Paint): string {
  if (task.tries.length === 0) return "";
  const agents = new Set([task.agent, ...task.tries.map(({ agent }) => agent)]);
  const lines = task.tries.map((attempt, index) => {
    const parts = [
      `${attempt.number}  ${pushed(attempt)}${end(attempt)}`,
      agents.size > 1 ? `by ${printableLine(attempt.agent)}` : "",
      cost(attempt),
      judgement(attempt, paint),
      task.trajectory[index] ?? "",
    ];
    return `  ${parts.filter((part) => part !== "").join("  ")}`;
  });
  return [paint("bold", "Attempts"), ...lines].join("\n");
}

function pushed({ commit, files }: Try): string {
  if (commit === null) return "changed nothing";
  return `${commit.slice(0, 8)}, ${files} file${files === 1 ? "" : "s"}`;
}

function end({ outcome }: Try): string {
  return outcome === "completed" ? "" : ` (${outcomeWords[outcome]})`;
}

function cost({ usage: { usd, usdKnown, ...tokens } }: Try): string {
  const isNothing =
    usdKnown && usd === 0 && Object.values(tokens).every((value) => value === 0 || value === true);
  return isNothing ? "" : costWords({ usd, usd_known: usdKnown });
}

function judgement(attempt: Try, paint: Paint): string {
  const words = printableLine(judgementOf(attempt));
  const isGreen = attempt.verdict === "passed" && attempt.gate.length === 0;
  return words === "" ? "" : paint(isGreen ? "green" : "red", words);
}
