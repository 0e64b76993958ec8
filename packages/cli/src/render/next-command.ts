import type { TaskDetail } from "@ampx/core";
import { tokenCount, tokensOf } from "./amounts.ts";

/** What a person would most likely do about the task now. */
export function nextCommand(task: TaskDetail): string | undefined {
  const { short_id: id, phase_facts: facts, asks } = task;
  if (asks.length > 0)
    return `ampx answer ${id}${asks.length > 1 ? " <n>" : ""} --allow, or --deny`;
  if (task.attached_by !== null) return `ampx attach ${id} --leave, when the worktree is left`;
  if (task.phase === "ready") return `ampx merge ${id}`;
  if (facts.name === "needs_review") {
    if (facts.reason === "held") return letThrough(task);
    if (goesOnByItself.has(facts.reason)) return `ampx continue ${id}`;
    if (facts.reason === "merge_refused") return `ampx merge ${id}`;
    // A cap is named whole, what was spent included.
    if (facts.reason === "usd_spent")
      return `ampx continue ${id} --max-usd ${Math.ceil(2 * Math.max(task.used.usd, task.max_usd ?? 0))}`;
    if (facts.reason === "tokens_spent")
      return `ampx continue ${id} --max-tokens ${tokenCount(2 * Math.max(tokensOf(task.used), task.max_tokens ?? 0)).toLowerCase()}`;
  }
  // What failed is taken up again when it is mended.
  if (facts.name === "error" && facts.again !== undefined) return `ampx continue ${id}`;
  // They are words enough.
  if (facts.name === "needs_review" && task.review_comments.length > 0)
    return `ampx continue ${id}`;
  switch (task.status) {
    case "needs_review":
    case "error":
    case "aborted":
      return `ampx continue ${id} -m "what to do"`;
    case "queued":
    case "running":
    case "retrying":
      return `ampx logs -f ${id}`;
    case "success":
      return undefined;
  }
}

/** What needs no words: CI is asked again, a red base is mended, too, or what is to be done is known. */
const goesOnByItself = new Set<string>([
  "base_is_red",
  "ci_configuration",
  "ci_unavailable",
  "ci_timed_out",
  "no_ci",
  "ci_blocked",
  "branch_moved",
  "conflict",
]);

function letThrough({ short_id: id, findings }: TaskDetail): string {
  const rules = new Set(
    findings.filter(({ verdict }) => verdict !== "allow").map(({ rule }) => rule),
  );
  const allow = [...rules].map((rule) => `--allow ${rule}`).join(" ");
  return `ampx continue ${id} ${allow}, or ampx continue ${id} -m "what to do instead"`;
}
