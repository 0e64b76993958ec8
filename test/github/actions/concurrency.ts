import type { Repository } from "../repository.ts";
import { evaluate, isTruthy } from "./expression.ts";
import { githubContext } from "./github-context.ts";
import type { Run } from "./run.ts";
import { latest } from "./run.ts";
import type { Value } from "./workflow-file.ts";

/** The group the run belongs to, by its workflow file. */
export function concurrencyOf(repository: Repository, run: Run): string | undefined {
  const { concurrency } = run.file;
  return concurrency === undefined
    ? undefined
    : String(valueOf(concurrency.group, repository, run));
}

/**
 * The runs of the same group that this one supersedes: all, where the file says so, else those that have not begun. Where
 * one of the group goes on, this one waits as `pending`.
 */
export function makeRoom(repository: Repository, run: Run): Run[] {
  const others = unfinished(repository, run);
  const cancels = isTruthy(
    valueOf(run.file.concurrency?.cancelInProgress ?? false, repository, run),
  );
  if (cancels) return others;
  const pending = others.filter((other) => latest(other).status === "pending");
  if (others.length > pending.length) latest(run).status = "pending";
  return pending;
}

/** Of those that waited for this one. */
export function nextInGroup(repository: Repository, run: Run): Run | undefined {
  return unfinished(repository, run).find((other) => latest(other).status === "pending");
}

function unfinished(repository: Repository, run: Run): Run[] {
  if (run.concurrency === undefined) return [];
  return repository.runs.filter(
    (other) =>
      other !== run &&
      other.concurrency === run.concurrency &&
      latest(other).status !== "completed",
  );
}

function valueOf(value: Value, repository: Repository, run: Run): unknown {
  if (typeof value !== "object") return value;
  return evaluate(value.expr, { values: githubContext(repository, run) });
}
