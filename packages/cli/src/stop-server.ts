import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { homePaths } from "@ampx/core/home";
import { UserError } from "@ampx/core/user-error";
import { isAlive } from "@ampx/store/holder";
import { readProcessLock } from "@ampx/store/process-lock";
import { endProcesses } from "@ampx/worker/process-tree";
import { lookAtProcesses, type ProcessRow } from "@ampx/worker/process-tree-snapshot";
import { heldElsewhere } from "./held-elsewhere.ts";

// The worker interrupts its agents, which takes some seconds; the supervisor itself kills after 15 s.
const patienceMs = 25_000;
const killPatienceMs = 10_000;
const orphanGraceMs = 2_000;

/**
 * Ends the home's server with everything below it and waits until all of it is gone. Returns how many processes that were: 0 when
 * none ran. Throws a `UserError` when some survive even SIGKILL, and when the server runs where it cannot be seen.
 */
export async function stopServer(home: string): Promise<number> {
  const paths = homePaths(home);
  const holder = await readProcessLock(paths.serverLock);
  if (holder === null) {
    // Of a supervisor that was killed; nobody else would take it away.
    await rm(paths.serverFile, { force: true });
    return endOrphans(home);
  }
  // Of another machine, or hidden from us: on this one its pid may be a stranger's.
  if (isAlive(holder) !== true) throw heldElsewhere(home, holder);
  const seen = new Map<number, ProcessRow>();
  await look(holder.pid, seen);
  send("SIGTERM", holder.pid);
  let left = await gone(holder.pid, seen, patienceMs);
  for (const { pid } of left) send("SIGKILL", pid);
  if (left.length > 0) left = await gone(holder.pid, seen, killPatienceMs);
  if (left.length > 0)
    throw new UserError(
      `Processes of the server do not end: ${left.map(({ pid }) => pid).join(", ")}`,
      { tryThis: "the same again in a minute; processes that wait for a disk cannot be ended" },
    );
  await rm(paths.serverFile, { force: true });
  return seen.size + (await endOrphans(home));
}

/** Ends what a worker that was killed has left of its tasks, and says how many that were: their marks begin with the home. */
async function endOrphans(home: string): Promise<number> {
  const { marked } = await lookAtProcesses(home);
  if (marked.size > 0) await endProcesses({ mark: home, graceMs: orphanGraceMs });
  return marked.size;
}

async function gone(
  root: number,
  seen: Map<number, ProcessRow>,
  patience: number,
): Promise<ProcessRow[]> {
  const until = performance.now() + patience;
  for (;;) {
    const left = await look(root, seen);
    if (left.length === 0 || performance.now() > until) return left;
    await sleep(50);
  }
}

/** What lives of the tree below `root`, now or ever seen; adds it to `seen`. */
async function look(root: number, seen: Map<number, ProcessRow>): Promise<ProcessRow[]> {
  // Marks belong to tasks: here everything is told by who started whom.
  const { all } = await lookAtProcesses("ampx-server");
  const first = all.get(root);
  if (first !== undefined && seen.size === 0) seen.set(root, first);
  const tree = new Set(
    [...seen.values()].filter((row) => all.get(row.pid)?.start === row.start).map(({ pid }) => pid),
  );
  const children = Map.groupBy(all.values(), ({ parent }) => parent);
  // A set that grows while it is walked is walked to its new end.
  for (const pid of tree) for (const child of children.get(pid) ?? []) tree.add(child.pid);
  const rows = [...tree].flatMap((pid) => all.get(pid) ?? []);
  for (const row of rows) seen.set(row.pid, row);
  return rows;
}

function send(signal: NodeJS.Signals, pid: number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
