import { setTimeout as sleep } from "node:timers/promises";
import { TransientError } from "@ampx/core";
import {
  acquireProcessLock,
  isAlive,
  readProcessLock,
  thisProcess,
  type LockHolder,
} from "@ampx/store";
import { endProcesses } from "../process-tree.ts";
import type { CiPaths } from "./ci-paths.ts";
import { clearRemains, noteOf } from "./remains.ts";

/** How long a runner is given to end its script and to go. */
const politelyMs = 10_000;
const attempts = 5;

/**
 * Ends whoever judges a commit, and all that it started; a runner that has only just begun counts as well. Returns when it is gone. Throws a
 * `TransientError` if the runner lives on another host.
 */
export async function cancelRun(paths: CiPaths): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    // Started by a hook or by the worker; below it hangs the script.
    await endProcesses({ mark: paths.runnerMark, graceMs: politelyMs });
    const holder = await readProcessLock(paths.lock);
    if (holder !== null) await end(holder);
    await endProcesses({ mark: paths.scriptMark, graceMs: 0 });
    if (await clearDeadRun(paths)) return;
  }
  throw new TransientError(`CI runs of the commit appear as fast as they are ended: ${paths.lock}`);
}

/** Ends a runner that a person started, which carries no mark of ours. */
async function end(holder: LockHolder): Promise<void> {
  const self = thisProcess();
  if (holder.host !== self.host || holder.pid === self.pid) {
    throw new TransientError(
      `The CI run of process ${holder.pid} on ${holder.host} cannot be ended from here`,
    );
  }
  for (let waited = 0; isAlive(holder) !== false; waited += 50) {
    if (waited === 0) kill(holder, "SIGTERM");
    if (waited === politelyMs) kill(holder, "SIGKILL");
    await sleep(50);
  }
}

function kill(holder: LockHolder, signal: NodeJS.Signals): void {
  try {
    process.kill(holder.pid, signal);
  } catch (error) {
    // Gone since the look.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Clears what a killed runner left behind, its lock included. False when another one runs meanwhile. */
export async function clearDeadRun(paths: CiPaths): Promise<boolean> {
  const acquired = await acquireIn(paths);
  if (acquired === null) return true;
  if ("heldBy" in acquired) return false;
  await using lock = acquired;
  await clearRemains(lock, paths.scriptMark, []);
  return true;
}

/** Null when nobody has ever judged anything here: then there is not even a folder. */
async function acquireIn(paths: CiPaths) {
  return acquireProcessLock(paths.lock, noteOf([])).catch((error: unknown) =>
    error instanceof Error && "code" in error && error.code === "ENOENT"
      ? null
      : Promise.reject(error),
  );
}
