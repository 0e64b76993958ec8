import type { Instant } from "../scalars.ts";
import { schedule } from "./schedule.ts";
import type { Limits, Standing, Waiting, WaitReason } from "./standing.ts";

/** More would not be read. */
const maxReasons = 20;

/**
 * All that keeps a task from beginning, each as it shows once those before it are gone: first what it waits for now. Empty: it begins now,
 * or does not wait.
 */
export function allReasons(
  id: string,
  standing: Standing,
  limits: Limits,
  now: Instant,
): WaitReason[] {
  const reasons: WaitReason[] = [];
  let left = standing;
  while (reasons.length < maxReasons) {
    const reason = schedule(left, limits, now).waits.get(id);
    if (reason === undefined) break;
    reasons.push(reason);
    // The last thing that anybody waits for.
    if (reason.for === "place") break;
    left = without(reason, id, left);
  }
  return reasons;
}

/** The same as if that were not in the task's way. */
function without(reason: WaitReason, id: string, standing: Standing): Standing {
  const change = (of: (task: Waiting) => Partial<Waiting>): Standing => ({
    ...standing,
    waiting: standing.waiting.map((task) => (task.id === id ? { ...task, ...of(task) } : task)),
  });
  switch (reason.for) {
    case "pause": {
      const { all, repos } = standing.paused;
      const paused =
        reason.repo === null
          ? { all: false, repos }
          : { all, repos: new Set([...repos].filter((repo) => repo !== reason.repo)) };
      return { ...standing, paused };
    }
    case "dependency":
    case "failed_dependency":
      return change(({ after }) => ({ after: after.filter((task) => task !== reason.task) }));
    case "lock":
      return change(({ locks }) => ({ locks: locks.filter(({ name }) => name !== reason.name) }));
    // One of which nobody else has a slot; locks that it still wants it could have.
    case "repo_limit":
      return change(() => ({ repo: "" }));
    case "agent_limit":
      return change(() => ({ agent: "" }));
    case "place":
      return standing;
  }
}
