import type { Instant, Millis } from "@ampx/core";
import type { ListedRun } from "./answers.ts";

/**
 * When to look again at runs that go on: often when by the usual time of their workflows they are about to end, seldom before. `listed`: what
 * else the repository has run of late, by which the usual time is known.
 */
export function lookInterval(
  running: readonly ListedRun[],
  listed: readonly ListedRun[],
  { now, fastMs }: { now: Instant; fastMs: Millis },
): Millis {
  const left = running.map((run) => {
    const usual = median(
      listed
        .filter((one) => one.workflowId === run.workflowId && one.conclusion === "success")
        .map((one) => one.updatedAt - one.startedAt),
    );
    return usual === null ? 0 : run.startedAt + usual - now;
  });
  const soonest = Math.min(...left);
  if (!Number.isFinite(soonest) || soonest <= 2 * fastMs) return fastMs;
  return Math.min(soonest / 2, 6 * fastMs);
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
