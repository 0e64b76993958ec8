import {
  changeText,
  commitsInCi,
  isToldAbout,
  taskTitle,
  UserError,
  type Action,
  type Instant,
  type Sha,
} from "@ampx/core";
import { answerReviews } from "../effects/answer-reviews.ts";
import { diagnose } from "../effects/diagnose.ts";
import { inspect } from "../effects/inspect.ts";
import { judgeBase } from "../effects/judge-base.ts";
import { lookForOverlaps } from "../effects/look-for-overlaps.ts";
import { preflight } from "../effects/preflight.ts";
import { readCi } from "../effects/read-ci.ts";
import { readIssue } from "../effects/read-issue.ts";
import { runTurn } from "../effects/run-turn.ts";
import type { MergeLater, MergeResult } from "../ports.ts";
import { Interruption, type TaskContext } from "./task-context.ts";

/** The task cannot go on before `until`, and says why. */
export interface Pause {
  until: Instant;
  reason: string;
}

/** What is done in the world; the other actions only follow from the state. */
export type Effect = Exclude<Action, { do: "wait" | "record" }>;

/** Does one thing in the world, and records what came of it. Every effect looks before it acts, so that it may be repeated after a crash. */
export async function perform(action: Effect, context: TaskContext): Promise<Pause | undefined> {
  const { signal } = context;
  switch (action.do) {
    case "prepare":
      return prepare(context);
    case "run_turn": {
      // Of one that has pushed nothing yet it was asked before its branch was made.
      const pause = context.state.pushed === null ? undefined : await lookForOverlaps(context);
      return pause ?? runTurn(context, action);
    }
    case "recover_turn":
      await recoverTurn(context);
      return undefined;
    case "commit":
      await commit(context);
      return undefined;
    case "inspect":
      await inspect(context, action.commit);
      return undefined;
    case "preflight":
      await preflight(context, action.commit);
      return undefined;
    case "push":
      await push(context, action.commit, action.expected);
      return undefined;
    case "read_ci":
      return readCi(context, action);
    case "rerun_ci":
      await context.ports.ci.rerun(action.sha, context.signal);
      await context.record({ type: "ci_rerun", at: context.clock.now(), sha: action.sha });
      return undefined;
    case "judge_base":
      return judgeBase(context, action);
    case "diagnose":
      await diagnose(context, action.sha);
      return undefined;
    case "open_change":
      await openChange(context, action.sha);
      return undefined;
    case "rebase":
      await rebase(context);
      return undefined;
    case "merge": {
      const { sha, expectedBase } = action;
      return merged(context, sha, await context.ports.forge.merge(sha, expectedBase, signal));
    }
    case "look_at_merge":
      return merged(context, action.sha, await laterOf(context).look(action.sha, signal));
    case "withdraw_merge":
      await withdrawMerge(context, action.sha);
      return undefined;
    case "abort":
      await abort(context, action.by);
      return undefined;
  }
}

async function prepare(context: TaskContext): Promise<Pause | undefined> {
  await readIssue(context);
  // Before the branch is made: what is waited for shall be in its base.
  const pause = await lookForOverlaps(context);
  if (pause !== undefined) return pause;
  const { path, base, head, notes } = await context.ports.workspace.prepare(context.signal);
  for (const note of notes) context.log.add("worker", 0, note);
  await context.record({ type: "prepared", at: context.clock.now(), worktree: path, base, head });
  return undefined;
}

/** Only the time until the worker was last known to be alive is charged: what came after was nobody's work. */
async function recoverTurn(context: TaskContext): Promise<void> {
  const { phase } = context.state;
  if (phase.name !== "coding" || phase.turn === null) throw new Error("no turn to recover");
  await context.processes.end();
  const { startedAt } = phase.turn;
  const ms = Math.max(0, (context.brokenOffAt ?? startedAt) - startedAt);
  await context.record({ type: "turn_interrupted", at: context.clock.now(), ms, cause: "crash" });
}

async function commit(context: TaskContext): Promise<void> {
  const { task, agent, spent, pushed } = context.state;
  const title = taskTitle(context.state);
  // Nothing of the turn may change the worktree any more.
  await context.processes.endOwn();
  const content = await context.ports.workspace.commit(
    {
      subject: spent.attempts === 1 ? title : `${title} (attempt ${spent.attempts})`,
      trailers: [
        ["Ampx-Task", task.id],
        ["Ampx-Attempt", String(spent.attempts)],
        ["Ampx-Agent", agent],
      ],
    },
    context.signal,
  );
  const at = context.clock.now();
  const { head, tree, base, files, insertions, deletions, leftOut, notes } = content;
  for (const { path, reason } of leftOut)
    context.log.add("worker", spent.attempts, `not committed: ${path} (${reason})`);
  for (const note of notes) context.log.add("worker", spent.attempts, note);
  if (files.length === 0 || head === pushed || isToldAbout(context.state, head))
    return context.record({ type: "nothing_changed", at, head });
  return context.record({
    type: "committed",
    at,
    commit: head,
    tree,
    base,
    files: files.length,
    insertions,
    deletions,
  });
}

async function push(context: TaskContext, sha: Sha, expected: Sha | null): Promise<void> {
  // The verdict on what is replaced helps nobody any more.
  if (expected !== null && expected !== sha) await context.ports.ci.cancel(expected);
  context.signal.throwIfAborted();
  const result = await context.ports.workspace.push(sha, expected, pushSignal(context.signal));
  const at = context.clock.now();
  if (result.is === "pushed") {
    await context.record({ type: "pushed", at, sha });
    await lookForOverlaps(context);
    return;
  }
  const { found, by, detail } = result;
  return context.record({ type: "push_rejected", at, found, by, detail });
}

/** Nobody would know whether a push that is cut off has happened, so a person's abort waits for its end, if that is soon. */
function pushSignal(signal: AbortSignal): AbortSignal {
  const cut = new AbortController();
  const onAbort = () => {
    const { reason }: { reason: unknown } = signal;
    const isAskedByPerson = reason instanceof Interruption && reason.by === "abort";
    if (isAskedByPerson) setTimeout(() => cut.abort(reason), pushPatienceMs).unref();
    else cut.abort(reason);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  return cut.signal;
}

const pushPatienceMs = 5_000;

async function openChange(context: TaskContext, sha: Sha): Promise<void> {
  const { forge, project } = context.ports;
  const { title, block } = changeText(context.state, project.linkIssues);
  const text = { title: context.redact(title), block: context.redact(block) };
  const opened = await forge.findOrOpenChange(sha, context.signal, text);
  const { clock } = context;
  if (!("url" in opened)) {
    const { found, reason: detail } = opened;
    return context.record({ type: "branch_moved", at: clock.now(), found, detail });
  }
  await answerReviews(context, sha);
  await context.record({ type: "change_opened", at: clock.now(), sha, change: opened.url });
}

async function rebase(context: TaskContext): Promise<void> {
  const { ports, state } = context;
  const { phase, base } = state;
  if (phase.name === "rebasing" && base !== null) {
    const { sha } = phase;
    const needs = await ports.forge.later?.needs(sha, context.signal);
    // By a person, say.
    if (needs === "nothing")
      return context.record({ type: "merged", at: context.clock.now(), sha });
    // A push would cost another CI, and the approvals of people, for what a merge queue does anyway.
    if (needs === "merge")
      return context.record({ type: "rebased", at: context.clock.now(), commit: sha, base });
  }
  await context.ports.workspace.prepare(context.signal);
  const result = await context.ports.workspace.rebase(context.signal);
  const at = context.clock.now();
  if (result.is === "rebased")
    return context.record({ type: "rebased", at, commit: result.commit, base: result.base });
  if (result.is === "empty")
    return context.record({ type: "rebase_emptied", at, base: result.base });
  return context.record({ type: "rebase_conflicted", at, base: result.base, files: result.files });
}

async function merged(
  context: TaskContext,
  sha: Sha,
  result: MergeResult,
): Promise<Pause | undefined> {
  const at = context.clock.now();
  switch (result.is) {
    case "merged":
      await context.record({ type: "merged", at, sha });
      return undefined;
    case "base_moved":
      await context.record({ type: "base_moved", at, base: result.base });
      return undefined;
    case "refused":
      await context.record({ type: "merge_refused", at, reason: result.reason });
      return undefined;
    case "queued": {
      const { reason, lookAgainMs } = result;
      if (context.state.phase.name === "merging")
        await context.record({ type: "merge_queued", at, sha, reason });
      return { until: at + lookAgainMs, reason };
    }
  }
}

async function withdrawMerge(context: TaskContext, sha: Sha): Promise<void> {
  const { is } = await laterOf(context).withdraw(sha, context.signal);
  const at = context.clock.now();
  if (is === "merged") return context.record({ type: "merged", at, sha });
  return context.record({ type: "merge_withdrawn", at });
}

function laterOf({ ports, state }: TaskContext): MergeLater {
  const { later } = ports.forge;
  if (later !== undefined) return later;
  throw new UserError(`${state.task.repo} is no place any more that merges by itself`, {
    kind: "conflict",
    tryThis: "look what became of the change there",
  });
}

/** Aborted is recorded when nothing of the task runs any more, CI of what it pushed included. */
async function abort(context: TaskContext, by: string): Promise<void> {
  await context.processes.end();
  const { ci } = context.ports;
  for (const sha of commitsInCi(context.state)) await ci.cancel(sha);
  // A worker that was killed while it read them has left them behind.
  if (context.state.pushed !== null) await ci.forgetFailures?.(context.state.pushed);
  await context.record({ type: "aborted", at: context.clock.now(), by });
}
