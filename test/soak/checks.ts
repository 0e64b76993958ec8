import {
  begin,
  evolve,
  isAtRest,
  type TaskEvent,
  type TaskState,
  type TicketTerms,
} from "@ampx/core";
import type { Store, StoredEvent, TaskRow } from "@ampx/store";

/** Every task, without a limit. */
export async function allTasks(store: Store): Promise<TaskRow[]> {
  const rows: TaskRow[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await store.listTasks({ limit: 500, ...(cursor !== undefined && { cursor }) });
    rows.push(...page.tasks);
    if (page.nextCursor === null) return rows;
    cursor = page.nextCursor;
  }
}

/** Locks that two hold at once although one of them wants it alone, told by the tasks' own states. */
export function doubleHolders(rows: readonly TaskRow[]): string[] {
  const holders = new Map<string, { alone: number; all: number }>();
  for (const { state } of rows)
    for (const lock of state.locks) {
      const name = lock.replace(/^read:/, "");
      const count = holders.get(name) ?? { alone: 0, all: 0 };
      count.all += 1;
      if (name === lock) count.alone += 1;
      holders.set(name, count);
    }
  return [...holders].filter(([, { alone, all }]) => alone > 0 && all > 1).map(([name]) => name);
}

/** What is wrong when all is over; empty when every ticket is accounted for. */
export async function finalProblems(
  store: Store,
  terms: ReadonlyMap<string, TicketTerms>,
): Promise<string[]> {
  const problems: string[] = [];
  const rows = await allTasks(store);
  if (rows.length !== terms.size) problems.push(`${terms.size} tickets, ${rows.length} tasks`);
  const mergedAt = new Map<string, number>();
  const startedAt = new Map<string, number>();
  for (const row of rows) {
    const { id, state } = row;
    const { name } = state.phase;
    if (name !== "merged" && name !== "ready") problems.push(`${id} ends in ${name}`);
    if (state.locks.length > 0) problems.push(`${id} holds ${state.locks.join(", ")}`);
    const events = await eventsOf(store, row);
    problems.push(...logProblems(row, events));
    const ticket = terms.get(id)?.id ?? "";
    for (const { id: at, event } of events) {
      if (event.type === "started" && !startedAt.has(ticket)) startedAt.set(ticket, at);
      if (event.type === "merged") mergedAt.set(ticket, at);
    }
  }
  for (const { id, dependencies } of terms.values())
    for (const dependency of dependencies)
      if ((startedAt.get(id) ?? Infinity) < (mergedAt.get(dependency) ?? Infinity))
        problems.push(`${id} began before ${dependency} was merged`);
  const held = await store.tasksWithLocks();
  if (held.length > 0) problems.push(`locks are held by ${held.map(({ id }) => id).join(", ")}`);
  return problems;
}

async function eventsOf(store: Store, { id }: TaskRow): Promise<StoredEvent[]> {
  return store.newestEvents(id, 100_000);
}

/** The log is whole and folds to the very state that is stored; nothing happened twice that happens once. */
function logProblems({ id, seq, state }: TaskRow, events: readonly StoredEvent[]): string[] {
  const problems: string[] = [];
  if (events.length !== seq) problems.push(`${id} has ${events.length} events, not ${seq}`);
  const folded = fold(events.map(({ event }) => event));
  for (const path of differences(folded, state))
    problems.push(`${id}: its events fold to another state: ${path}`);
  for (const type of ["task_created", "merged"] as const)
    if (events.filter(({ event }) => event.type === type).length > 1)
      problems.push(`${id} has ${type} twice`);
  if (!isAtRest(state)) problems.push(`${id} is not at rest`);
  return problems;
}

function fold(events: readonly TaskEvent[]): TaskState | undefined {
  let state: TaskState | undefined;
  for (const event of events)
    state = event.type === "task_created" ? begin(event) : state && evolve(state, event);
  return state;
}

/** Where two values differ, as dotted paths with what is there; what is undefined is not there. */
function differences(a: unknown, b: unknown, path = ""): string[] {
  if (!isObject(a) || !isObject(b))
    return a === b ? [] : [`${path}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) =>
    differences(Reflect.get(a, key), Reflect.get(b, key), `${path}.${key}`),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
