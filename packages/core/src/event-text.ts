import { baseName } from "./base-name.ts";
import { laneWords } from "./lane/lane.ts";
import { oneLine } from "./one-line.ts";
import { overlapText } from "./overlap/overlap-text.ts";
import { outcomeWords } from "./projection.ts";
import { namesOf } from "./tamper/finding.ts";
import type { TaskEvent } from "./task-event.ts";
import { allTokens } from "./used.ts";

/** One line for people: what happened. Plain text; what came from outside is kept to one line. */
export function eventText(event: TaskEvent): string {
  switch (event.type) {
    case "task_created":
      return `created: ${event.task.branch} off ${baseName(event.task.base)}`;
    case "abort_requested":
      return `${event.by} asked to abort`;
    case "continue_requested":
      return `${event.by}: ${line(event.text) || "go on"}${allowed(event.allow)}`;
    case "merge_requested":
      return `${event.by} asked to merge`;
    case "attach_requested":
      return `${event.by} takes the worktree`;
    case "detach_requested":
      return `${event.by} leaves the worktree`;
    case "permission_answered":
      return `${event.by} ${event.allow ? "allows" : "denies"} what was asked for (${event.ask})`;
    case "review_received": {
      const people = [...new Set(event.comments.map(({ by }) => line(by)))].join(", ");
      return `${count(event.comments.length, "review comment")} by ${people}`;
    }
    case "review_accepted":
      return "the review comments go to the agent";
    case "review_answered":
      return `${count(event.keys.length, "review comment")} answered ${event.commit === null ? "in the agent's words" : `by ${short(event.commit)}`}`;
    case "change_closed":
      return `the change was ${event.merged === null ? "closed" : `merged at ${short(event.merged)}`} by ${line(event.by ?? "somebody")}`;
    case "request_refused":
      return `cannot ${event.request}: ${line(event.reason)}`;
    case "started":
      return `started${withLocks(event.locks ?? [])}`;
    case "locks_taken":
      return `goes on${withLocks(event.locks)}`;
    case "locks_released":
      return `${event.by ?? "ampx"} takes its locks away: ${line(event.reason)}`;
    case "ticket_changed":
      return `${event.by} changed its ticket`;
    case "issue_read":
      return `the issue: ${line(event.title)}`;
    case "prepared":
      return `worktree ${event.worktree} at ${short(event.head)}`;
    case "overlaps_found":
      return event.others.length === 0
        ? "no other task changes the same files any more"
        : `the same files are changed by ${line(event.others.map(overlapText).join("; "))}`;
    case "turn_started":
      return event.resumed ? "agent's turn, in the same session" : "agent's turn, in a new session";
    case "session_opened":
      return `session ${line(event.session)}`;
    case "usage_recorded":
      return usageText(event);
    case "permission_asked":
      return `the agent asks (${event.ask}): ${line(`${event.tool} ${event.input}`)} (${line(event.why)})`;
    case "words_passed":
      return `the agent was told ${count(event.count, "message")} in its turn`;
    case "agent_switched":
      return `${event.to} goes on: ${line(event.why)}`;
    case "turn_interrupted":
      return `turn interrupted (${interruptions[event.cause]}) after ${seconds(event.ms)}`;
    case "turn_ended":
      return `turn ${outcomeWords[event.outcome]} after ${seconds(event.ms)}`;
    case "turn_failed":
      return `agent failed (${event.kind.replace("_", " ")}): ${line(event.message)}`;
    case "started_afresh":
      return `a fresh start: ${event.why}`;
    case "committed":
      return `committed ${short(event.commit)}: ${count(event.files, "file")}, +${event.insertions} -${event.deletions}`;
    case "nothing_changed":
      return "the agent changed nothing";
    case "inspected": {
      const serious = event.findings.filter(({ verdict }) => verdict !== "allow");
      return serious.length === 0
        ? `the gate found nothing in ${short(event.commit)}`
        : `the gate stops ${short(event.commit)}: ${line(namesOf(serious))}`;
    }
    case "preflight_judged":
      if (event.is === "passed") return `preflight green after ${seconds(event.ms)}`;
      return event.is === "failed"
        ? `preflight red after ${seconds(event.ms)}: ${line(event.command)}`
        : `preflight could not judge: ${line(event.reason)}`;
    case "push_started":
      return `pushing ${short(event.commit)}`;
    case "pushed":
      return `pushed ${short(event.sha)}`;
    case "push_rejected":
      return `push rejected: ${line(event.detail)}`;
    case "branch_moved":
      return `the branch is not as it was pushed: ${line(event.detail)}`;
    case "ci_passed":
      return `CI green for ${short(event.sha)}`;
    case "ci_failed":
      return `CI red for ${short(event.sha)}: ${event.jobs.map(line).join(", ")}`;
    case "ci_errored":
      return `CI could not judge ${short(event.sha)}: ${line(event.cause)}`;
    case "ci_rerun":
      return `CI is asked again to judge ${short(event.sha)}`;
    case "ci_missing":
      return `${event.blocked === true ? "CI cannot go on with" : "no CI for"} ${short(event.sha)}: ${line(event.reason)}`;
    case "ci_timed_out":
      return `CI gave no verdict on ${short(event.sha)} in time`;
    case "base_asked":
      return `CI is asked about the base ${short(event.sha)}`;
    case "base_judged":
      return {
        passed: `the base ${short(event.sha)} is green`,
        failed: `the base ${short(event.sha)} is red, too`,
        unknown: `CI says nothing of the base ${short(event.sha)}`,
      }[event.is];
    case "diagnosed":
      return event.lane === "code"
        ? `${count(event.failures.length, "failure")}; the excerpt of the log goes back to the agent`
        : `${laneWords[event.lane].words}: ${line(event.reason)}; ${laneWords[event.lane].next}`;
    case "change_opened":
      return `ready to merge: ${line(event.change)}`;
    case "continued":
      return `goes on: up to ${count(event.budget.maxAttempts, "attempt")}${allowed(event.allow)}`;
    case "merge_accepted":
      return "merging";
    case "rebased":
      return `${short(event.commit)} is on top of ${short(event.base)}`;
    case "rebase_conflicted":
      return `conflict with the base in ${event.files.map(line).join(", ")}`;
    case "rebase_emptied":
      return `nothing is left of the change: ${short(event.base)} holds it already`;
    case "merge_started":
      return `moving the base from ${short(event.expectedBase)} to ${short(event.sha)}`;
    case "merge_queued":
      return `left to the forge to merge: it waits for ${line(event.reason)}`;
    case "merge_withdrawn":
      return "the forge was told not to merge it";
    case "base_moved":
      return `the base has moved to ${short(event.base)}`;
    case "merge_refused":
      return `not merged: ${line(event.reason)}`;
    case "merged":
      return `merged ${short(event.sha)}`;
    case "gave_up":
      return `needs a person: ${event.reason.replaceAll("_", " ")} (${line(event.detail)})`;
    case "aborted":
      return `aborted by ${event.by}`;
    case "errored":
      return `error: ${line(event.message)}`;
  }
}

const interruptions: Record<Extract<TaskEvent, { type: "turn_interrupted" }>["cause"], string> = {
  crash: "crash",
  shutdown: "shutdown",
  abort: "abort",
  words: "for a person's words",
  attach: "for a person",
  day_cap: "the day's cap is reached",
};

function usageText({
  tokens,
  usd,
  source,
}: Extract<TaskEvent, { type: "usage_recorded" }>): string {
  if (tokens === null && usd === null) return "used: unknown";
  const parts = [
    tokens === null ? "unknown tokens" : `${allTokens(tokens)} tokens`,
    usd === null
      ? "unknown cost"
      : `$${usd.toFixed(4)}${source === "priced" ? " by the config's prices" : ""}`,
  ];
  return `used ${parts.join(", ")}`;
}

function withLocks(locks: readonly string[]): string {
  return locks.length === 0
    ? ""
    : `, with ${locks.length === 1 ? "the lock" : "the locks"} ${line(locks.join(", "))}`;
}

function allowed(rules: readonly string[]): string {
  return rules.length === 0 ? "" : ` (lets through: ${rules.map(line).join(", ")})`;
}

function short(sha: string): string {
  return sha.slice(0, 8);
}

function seconds(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function line(text: string): string {
  return oneLine(text, { maxChars: 200 });
}
