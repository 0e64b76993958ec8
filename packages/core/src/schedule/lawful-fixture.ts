import type { LockWish } from "./locks.ts";
import type { Limits, Schedule, Standing, Waiting } from "./standing.ts";

/**
 * What is wrong with a decision, in words; empty when it is lawful. Looks at every pair of tasks, slowly and without regard to how the
 * decision was made.
 */
export function wrongsOf(
  there: Standing,
  limits: Limits,
  now: number,
  { begin, waits }: Schedule,
): string[] {
  const wrongs: string[] = [];
  const order = there.waiting.toSorted(
    (a, b) => rank(a) - rank(b) || a.queuedAt - b.queuedAt || (a.id < b.id ? -1 : 1),
  );
  const begun = order.filter(({ id }) => begin.includes(id));
  if (order.some(({ id }) => begin.includes(id) === waits.has(id)) || begin.length > begun.length)
    wrongs.push("not everybody either begins or has one reason");
  if (begun.map(({ id }) => id).join() !== begin.join()) wrongs.push("they begin out of order");
  if (begun.length > limits.places) wrongs.push("more begin than there are places");
  for (const task of begun)
    if (!fits(task, without(begun, task))) wrongs.push(`${task.id} must not begin`);

  for (const [at, task] of order.entries()) {
    if (begun.includes(task)) continue;
    const before = order.slice(0, at).filter((other) => !begun.includes(other));
    const isKept = before.some((other) => keeps(other) && needsOf(other, task, 1));
    if (begun.length < limits.places && fits(task, begun) && !isKept)
      wrongs.push(`${task.id} could begin`);
    for (const other of begun.filter((one) => order.indexOf(one) > at)) {
      if (fits(task, without(begun, other)) && !isKept)
        wrongs.push(`${other.id} begins in the place of ${task.id}`);
      if (keeps(task) && needsOf(task, other, 0))
        wrongs.push(`${other.id} takes from ${task.id} what is kept for it`);
    }
    const reason = waits.get(task.id);
    const alike = before.filter((other) => isAlike(waits.get(other.id), reason));
    if (reason !== undefined && "ahead" in reason && reason.for !== "lock")
      if (reason.ahead !== alike.length) wrongs.push(`${reason.ahead} are not ahead of ${task.id}`);
  }
  return wrongs;

  function rank({ priority, queuedAt }: Waiting): number {
    return priority - Math.floor(Math.max(0, now - queuedAt) / limits.ageMs);
  }

  /** Whether it could run beside these and all that runs already. */
  function fits(task: Waiting, beside: readonly Waiting[]): boolean {
    const { repo, agent } = task;
    const inRepo = beside.filter((other) => other.repo === repo).length;
    const ofAgent = beside.filter((other) => other.agent === agent).length;
    return (
      mayBegin(task) &&
      holdersFor(task).length === 0 &&
      !beside.some((other) => other.repo === repo && conflict(task.locks, other.locks)) &&
      (there.running.byRepo.get(repo) ?? 0) + inRepo < limits.perRepo &&
      (there.running.byAgent.get(agent) ?? 0) + ofAgent < limits.perAgent
    );
  }

  function mayBegin({ repo, after }: Waiting): boolean {
    const isPaused = there.paused.all || there.paused.repos.has(repo);
    return !isPaused && after.every((other) => there.progress.get(other)?.is === "done");
  }

  function holdersFor({ id, repo, locks }: Waiting) {
    return there.held.filter(
      (lock) => lock.task !== id && lock.repo === repo && conflict(locks, [lock]),
    );
  }

  /** Whether those behind it must leave what it needs; for locks, which do not rest. */
  function keeps(task: Waiting): boolean {
    const reason = waits.get(task.id);
    if (reason?.for === "lock") return holdersFor(task).every(({ active }) => active);
    return reason?.for === "place" || task === keeper();
  }

  /** The one for whom slots are kept. */
  function keeper(): Waiting | undefined {
    return order.find(
      (task) =>
        ["repo_limit", "agent_limit"].includes(waits.get(task.id)?.for ?? "") &&
        rank(task) < task.priority,
    );
  }

  /** Whether a later one needs what is kept for the first: a lock, or a slot when only so many are left. */
  function needsOf(first: Waiting, later: Waiting, left: number): boolean {
    if (first.repo === later.repo && conflict(first.locks, later.locks)) return true;
    if (first !== keeper()) return false;
    const inRepo = begun.filter(({ repo }) => repo === first.repo).length;
    const ofAgent = begun.filter(({ agent }) => agent === first.agent).length;
    return (
      (first.repo === later.repo &&
        (there.running.byRepo.get(first.repo) ?? 0) + inRepo + left >= limits.perRepo) ||
      (first.agent === later.agent &&
        (there.running.byAgent.get(first.agent) ?? 0) + ofAgent + left >= limits.perAgent)
    );
  }
}

function conflict(some: readonly LockWish[], others: readonly LockWish[]): boolean {
  return some.some((a) => others.some((b) => a.name === b.name && !(a.shared && b.shared)));
}

function without(tasks: readonly Waiting[], one: Waiting): Waiting[] {
  return tasks.filter((task) => task !== one);
}

function isAlike(a: object | undefined, b: object | undefined): boolean {
  const key = (reason: object | undefined) =>
    reason === undefined ? "" : JSON.stringify({ ...reason, ahead: 0, running: 0 });
  return key(a) === key(b);
}
