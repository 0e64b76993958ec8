import type { TaskDetail } from "@ampx/core";

/** What a person would most likely do about the task now. */
export function nextCommand(
  task: Pick<TaskDetail, "status" | "phase" | "short_id" | "phase_facts" | "findings">,
): string | undefined {
  if (task.phase === "ready") return `ampx merge ${task.short_id}`;
  const facts = task.phase_facts;
  if (facts.name === "needs_review" && facts.reason === "held") return letThrough(task);
  if (facts.name === "needs_review" && goesOnByItself.has(facts.reason))
    return `ampx continue ${task.short_id}`;
  switch (task.status) {
    case "needs_review":
    case "error":
    case "aborted":
      return `ampx continue ${task.short_id} -m "what to do"`;
    case "queued":
    case "running":
    case "retrying":
      return `ampx logs -f ${task.short_id}`;
    case "success":
      return undefined;
  }
}

/** What needs no words: CI is asked again, or a red base is mended, too. */
const goesOnByItself = new Set<string>([
  "base_is_red",
  "ci_configuration",
  "ci_unavailable",
  "ci_timed_out",
  "no_ci",
  "ci_blocked",
]);

function letThrough({ short_id: id, findings }: Pick<TaskDetail, "short_id" | "findings">): string {
  const rules = new Set(
    findings.filter(({ verdict }) => verdict !== "allow").map(({ rule }) => rule),
  );
  const allow = [...rules].map((rule) => `--allow ${rule}`).join(" ");
  return `ampx continue ${id} ${allow}, or ampx continue ${id} -m "what to do instead"`;
}
