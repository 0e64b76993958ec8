import { setTimeout as sleep } from "node:timers/promises";
import type { Millis } from "@ampx/core";
import { TransientError } from "@ampx/core/transient-error";
import { lookAtProcesses, type ProcessRow } from "./process-tree-snapshot.ts";

export { markVariable } from "./process-tree-snapshot.ts";

export interface Ending {
  /** The first process of the tree, if this process started it (in a session of its own). It may have ended. */
  pid?: number;
  /** So many levels below it are the ones that SIGINT is for: what stands above only watches over them. 0 by default. */
  levels?: number;
  /** Whoever carries this mark, or one below it (`<mark>:…`), in its environment belongs to the tree. */
  mark: string;
  /** How long each of SIGINT and SIGTERM is given to be obeyed. */
  graceMs: Millis;
  /** Ends the patience, not the work: from then on it is SIGKILL. */
  signal?: AbortSignal;
}

/** How long a process may stay after SIGKILL (it hangs in the kernel) before that is reported. */
const killPatienceMs = 15_000;

/**
 * Ends a whole process tree: SIGINT to its first process (to its heads, if that is not known), SIGTERM to all, SIGKILL to all, looking anew before each. The tree is
 * everything that carries the mark, everything below, and everything that was ever seen to belong to it or shares
 * its session, so tools in sessions of their own and those whose parents have gone are found. Never signals this process, its
 * ancestors, or a recycled pid. Resolves when none is left; throws `TransientError` when some survive even SIGKILL.
 */
export async function endProcesses(ending: Ending): Promise<void> {
  const { pid, levels = 0, mark, graceMs, signal } = ending;
  const tree = new Tree(mark, pid);
  let left = await tree.look();
  if (left.length === 0) return;

  // What a finished agent leaves behind is not asked by Ctrl-C: shells start their background jobs deaf to it.
  // Nor what it has left behind so far: it would only be waited for in vain.
  const asked = pid === undefined ? heads(left) : levelBelow(left, pid, levels);
  if (asked.length > 0) {
    send("SIGINT", asked);
    // What was not asked is not waited for.
    left = await tree.gone(graceMs, signal, asked);
  }
  if (left.length > 0) {
    send("SIGTERM", left);
    left = await tree.gone(graceMs, signal);
  }
  const givenUpAt = performance.now() + killPatienceMs;
  // Nothing at one look is not enough: a process in the middle of exec shows no environment, and a chain of short-lived ones may hide between two.
  let forking = false;
  for (let clean = 0; clean < (forking ? 20 : 2); clean = left.length === 0 ? clean + 1 : 0) {
    if (performance.now() > givenUpAt)
      throw new TransientError(`Processes do not end: ${left.map((row) => row.pid).join(", ")}`);
    send("SIGKILL", left);
    // Without a pause while new ones appear: whoever forks must not win the race.
    if (!tree.grew) await sleep(5);
    left = await tree.look({ killing: true });
    forking ||= tree.grew;
  }
}

/** The living processes whose environment holds this mark or one below it. */
export async function markedProcesses(mark: string): Promise<number[]> {
  return [...(await lookAtProcesses(mark)).marked];
}

/** What is known of one tree over several looks. */
class Tree {
  readonly #mark: string;
  /** Pid and start of whatever was seen to belong to the tree. */
  readonly #seen = new Map<number, string>();
  /** Sessions that began with a process of the tree; they outlive it. */
  readonly #sessions = new Set<number>();
  #spared: ReadonlySet<number> = new Set();
  #root: number | undefined;
  /** Whether the newest look found what no look before had. */
  grew = false;

  constructor(mark: string, root: number | undefined) {
    this.#mark = mark;
    this.#root = root;
    if (root !== undefined) this.#sessions.add(root);
  }

  /** What lives of the tree now. `killing`: the marked ones are killed as soon as they are met, and are still returned. */
  async look({ killing }: { killing: boolean } = { killing: false }): Promise<ProcessRow[]> {
    const before = this.#spared;
    const strike = (row: ProcessRow) => {
      if (!before.has(row.pid)) send("SIGKILL", [row]);
    };
    const { all, marked } = await lookAtProcesses(this.#mark, killing ? { onMarked: strike } : {});
    const spared = lineage(all);
    this.#spared = spared;

    // Our child keeps its pid until we have reaped it, so at the first look it cannot have been recycled.
    const root = this.#root === undefined ? undefined : all.get(this.#root);
    if (root?.parent === process.pid) this.#seen.set(root.pid, root.start);
    this.#root = undefined;

    this.#forgetEndedSessions(all);
    const known = [...all.values()].filter(
      (row) =>
        !spared.has(row.pid) &&
        (marked.has(row.pid) ||
          this.#seen.get(row.pid) === row.start ||
          this.#sessions.has(row.session)),
    );
    const tree = below(all, known, spared);
    this.grew = false;
    for (const { pid, start, session } of tree) {
      this.grew ||= this.#seen.get(pid) !== start;
      this.#seen.set(pid, start);
      if (session === pid) this.#sessions.add(session);
    }
    return tree;
  }

  /** Waits until none of `asked` lives, or by default nothing of the tree, at most this long; returns what does. */
  async gone(
    graceMs: Millis,
    signal: AbortSignal | undefined,
    asked?: ProcessRow[],
  ): Promise<ProcessRow[]> {
    const until = performance.now() + graceMs;
    const starts = asked && new Map(asked.map(({ pid, start }) => [pid, start]));
    let pause = 5;
    for (;;) {
      const left = await this.look();
      const waitedFor = starts ? left.filter(({ pid, start }) => starts.get(pid) === start) : left;
      const remaining = until - performance.now();
      if (waitedFor.length === 0 || remaining <= 0 || signal?.aborted === true) return left;
      // An abort ends the pause early; what follows is decided at the next round.
      await sleep(
        Math.min(pause, remaining),
        undefined,
        signal === undefined ? {} : { signal },
      ).catch(() => undefined);
      pause = Math.min(pause * 2, 100);
    }
  }

  /** The kernel gives a session's number to a new process only after the session is empty. */
  #forgetEndedSessions(all: Map<number, ProcessRow>): void {
    const alive = new Set([...all.values()].map(({ session }) => session));
    for (const session of this.#sessions) {
      const leader = all.get(session);
      if (!alive.has(session) || (leader !== undefined && this.#seen.get(session) !== leader.start))
        this.#sessions.delete(session);
    }
  }
}

/** This process and its ancestors. */
function lineage(all: Map<number, ProcessRow>): Set<number> {
  const pids = new Set([0, 1, process.pid]);
  for (
    let row = all.get(process.pid);
    row !== undefined && !pids.has(row.parent);
    row = all.get(row.parent)
  )
    pids.add(row.parent);
  return pids;
}

/** The given processes and everything below them. */
function below(
  all: Map<number, ProcessRow>,
  from: ProcessRow[],
  except: ReadonlySet<number>,
): ProcessRow[] {
  const children = Map.groupBy(all.values(), ({ parent }) => parent);
  const found = new Set(from);
  // A set that grows while it is walked is walked to its new end.
  for (const { pid } of found) {
    for (const child of children.get(pid) ?? []) if (!except.has(child.pid)) found.add(child);
  }
  return [...found];
}

/** The process so many levels below this one: of several children the eldest, for the first process of a sandbox takes in orphans. */
function levelBelow(rows: ProcessRow[], pid: number, levels: number): ProcessRow[] {
  let found = rows.filter((row) => row.pid === pid);
  for (let level = 0; level < levels; level++) {
    const children = rows.filter(({ parent }) => parent === found[0]?.pid);
    found = children
      .toSorted((a, b) => Number(a.start) - Number(b.start) || a.pid - b.pid)
      .slice(0, 1);
  }
  return found;
}

/** Those whose parent is not one of them. */
function heads(rows: ProcessRow[]): ProcessRow[] {
  const pids = new Set(rows.map(({ pid }) => pid));
  return rows.filter(({ parent }) => !pids.has(parent));
}

function send(signal: NodeJS.Signals, rows: ProcessRow[]): void {
  for (const { pid } of rows) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended since the look, or now runs as another user (sudo); what is left shows at the next look.
    }
  }
}
