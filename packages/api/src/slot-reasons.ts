import type { TaskState, WaitReason } from "@ampx/core";
import type { FoundSchedule } from "@ampx/store";

/** What keeps the next turn of a task that has begun. Empty: a worker takes it at once. */
export function slotReasons(
  { task: { repo }, agent }: TaskState,
  { standing: { paused, running }, limits }: FoundSchedule,
  slots: number,
): WaitReason[] {
  const reasons: WaitReason[] = [];
  if (paused.all) reasons.push({ for: "pause", repo: null });
  if (paused.repos.has(repo)) reasons.push({ for: "pause", repo });
  const inRepo = running.byRepo.get(repo) ?? 0;
  if (inRepo >= limits.perRepo)
    reasons.push({ for: "repo_limit", repo, running: inRepo, ahead: 0 });
  const ofAgent = running.byAgent.get(agent) ?? 0;
  if (ofAgent >= limits.perAgent)
    reasons.push({ for: "agent_limit", agent, running: ofAgent, ahead: 0 });
  if (sum(running.byRepo) >= slots) reasons.push({ for: "place", ahead: 0 });
  return reasons;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, count) => all + count, 0);
}
