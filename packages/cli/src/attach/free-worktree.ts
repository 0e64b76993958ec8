import { setTimeout as sleep } from "node:timers/promises";
import type { TaskDetail } from "@ampx/core";
import type { Client } from "../client.ts";

const lookEveryMs = 300;

/**
 * Waits until nobody but the person who has attached works in the task's worktree. `onWait` is told, in words, what goes on there,
 * whenever that changes. Throws the reason of the signal when it aborts.
 */
export async function freeWorktree(
  client: Client,
  id: string,
  onWait: (what: string) => void,
  signal: AbortSignal,
): Promise<TaskDetail> {
  let told = "";
  for (;;) {
    const task = await client.readTask(id, signal);
    const what = workInProgress(task);
    if (what === null) return task;
    if (what !== told) onWait(what);
    told = what;
    await pause(signal);
  }
}

/** What is being done in the worktree, in words; null when nothing is. */
export function workInProgress({
  phase_facts: phase,
  waiting_for: waitsFor,
}: Pick<TaskDetail, "phase_facts" | "waiting_for">): string | null {
  switch (phase.name) {
    case "coding":
      return phase.turn === null ? null : "the agent's turn is being ended";
    case "preparing":
    case "rebasing":
      return waitsFor === null ? "the branch is being prepared" : null;
    case "checking":
    case "inspecting":
    case "preflighting":
      return "what the agent left is being looked at";
    case "queued":
    case "unchanged":
    case "pushing":
    case "awaiting_ci":
    case "diagnosing":
    case "opening":
    case "merging":
    case "awaiting_merge":
    case "ready":
    case "merged":
    case "needs_review":
    case "aborted":
    case "error":
      return null;
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  // The timer's own error says less than the reason of the signal.
  await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}
