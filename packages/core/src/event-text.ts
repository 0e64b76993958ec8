import { laneWords } from "./lane/lane.ts";
import { namesOf } from "./tamper/finding.ts";
import type { TaskEvent } from "./task-event.ts";

/** One line for people: what happened. Plain text; what came from outside is kept to one line. */
export function eventText(event: TaskEvent): string {
  switch (event.type) {
    case "task_created":
      return `created: ${event.task.branch} off ${event.task.base}`;
    case "abort_requested":
      return `${event.by} asked to abort`;
    case "continue_requested":
      return `${event.by}: ${oneLine(event.text) || "go on"}${allowed(event.allow)}`;
    case "merge_requested":
      return `${event.by} asked to merge`;
    case "request_refused":
      return `cannot ${event.request}: ${oneLine(event.reason)}`;
    case "started":
      return "started";
    case "prepared":
      return `worktree ${event.worktree} at ${short(event.head)}`;
    case "turn_started":
      return event.resumed ? "agent's turn, in the same session" : "agent's turn, in a new session";
    case "session_opened":
      return `session ${oneLine(event.session)}`;
    case "turn_interrupted":
      return `turn interrupted (${event.cause}) after ${seconds(event.ms)}`;
    case "turn_ended":
      return `turn ${event.outcome.replace("_", " ")} after ${seconds(event.ms)}`;
    case "turn_failed":
      return `agent failed (${event.kind.replace("_", " ")}): ${oneLine(event.message)}`;
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
        : `the gate stops ${short(event.commit)}: ${oneLine(namesOf(serious))}`;
    }
    case "preflight_judged":
      if (event.is === "passed") return `preflight green after ${seconds(event.ms)}`;
      return event.is === "failed"
        ? `preflight red after ${seconds(event.ms)}: ${oneLine(event.command)}`
        : `preflight could not judge: ${oneLine(event.reason)}`;
    case "push_started":
      return `pushing ${short(event.commit)}`;
    case "pushed":
      return `pushed ${short(event.sha)}`;
    case "push_rejected":
      return `push rejected: ${oneLine(event.detail)}`;
    case "ci_passed":
      return `CI green for ${short(event.sha)}`;
    case "ci_failed":
      return `CI red for ${short(event.sha)}: ${event.jobs.map(oneLine).join(", ")}`;
    case "ci_errored":
      return `CI could not judge ${short(event.sha)}: ${oneLine(event.cause)}`;
    case "ci_rerun":
      return `CI is asked again to judge ${short(event.sha)}`;
    case "ci_missing":
      return `${event.blocked === true ? "CI cannot go on with" : "no CI for"} ${short(event.sha)}: ${oneLine(event.reason)}`;
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
        : `${laneWords[event.lane].words}: ${oneLine(event.reason)}; ${laneWords[event.lane].next}`;
    case "change_opened":
      return `ready to merge: ${oneLine(event.change)}`;
    case "continued":
      return `goes on: up to ${count(event.budget.maxAttempts, "attempt")}${allowed(event.allow)}`;
    case "merge_accepted":
      return "merging";
    case "rebased":
      return `${short(event.commit)} is on top of ${short(event.base)}`;
    case "rebase_conflicted":
      return `conflict with the base in ${event.files.map(oneLine).join(", ")}`;
    case "rebase_emptied":
      return `nothing is left of the change: ${short(event.base)} holds it already`;
    case "merge_started":
      return `moving the base from ${short(event.expectedBase)} to ${short(event.sha)}`;
    case "base_moved":
      return `the base has moved to ${short(event.base)}`;
    case "merge_refused":
      return `not merged: ${oneLine(event.reason)}`;
    case "merged":
      return `merged ${short(event.sha)}`;
    case "gave_up":
      return `needs a person: ${event.reason.replaceAll("_", " ")} (${oneLine(event.detail)})`;
    case "aborted":
      return `aborted by ${event.by}`;
    case "errored":
      return `error: ${oneLine(event.message)}`;
  }
}

function allowed(rules: readonly string[]): string {
  return rules.length === 0 ? "" : ` (lets through: ${rules.map(oneLine).join(", ")})`;
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

function oneLine(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
