import type { WorkflowRun } from "./rows.ts";

/** Of each workflow and event the newest run, and of that the newest attempt: what went before has been replaced. */
export function newestRuns<Run extends WorkflowRun>(runs: readonly Run[]): Run[] {
  const newest = new Map<string, Run>();
  for (const run of runs) {
    const key = `${run.workflowId} ${run.event}`;
    const known = newest.get(key);
    if (known === undefined || isNewer(run, known)) newest.set(key, run);
  }
  return [...newest.values()].toSorted((a, b) => a.id - b.id);
}

function isNewer(run: WorkflowRun, than: WorkflowRun): boolean {
  return run.id === than.id ? run.attempt > than.attempt : run.id > than.id;
}
