import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs `work` while no other process of this clone sets up. A lock whose holder died is taken over at once.
 *
 * The lock is the file with the highest number; taking over means to create the next number, which only one can do. A dead
 * holder's file stays: deleting it would let a slow onlooker, who still sees it, win a number that was used before.
 *
 * @template T
 * @param {string} folder
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSetupLock(folder, work) {
  mkdirSync(folder, { recursive: true });
  const lock = await acquire(folder);
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @param {string} folder */
async function acquire(folder) {
  let told = false;
  for (;;) {
    const newest = newestLock(folder);
    if (newest.holder === undefined || !isAlive(newest.holder)) {
      const lock = join(folder, `lock-${newest.number + 1}`);
      if (create(lock)) return lock;
    } else {
      if (!told)
        process.stderr.write(
          `ampx set-up: waiting for process ${newest.holder.pid}, which sets up this clone ...\n`,
        );
      told = true;
      await sleep(100);
    }
  }
}

/**
 * @typedef {{ pid: number, started: string }} Holder `started` tells a process from a later one with the same id.
 *
 * @param {string} folder
 * @returns {{ number: number, holder?: Holder }}
 */
function newestLock(folder) {
  const numbers = readdirSync(folder).flatMap((name) => /^lock-(\d+)$/.exec(name)?.[1] ?? []);
  const number = Math.max(0, ...numbers.map(Number));
  if (number === 0) return { number };
  try {
    const [pid = "", started = ""] = readFileSync(join(folder, `lock-${number}`), "utf8").split(
      " ",
    );
    return { number, holder: { pid: Number(pid), started } };
  } catch (fault) {
    if (!isCode(fault, "ENOENT")) throw fault;
    return newestLock(folder); // released since we listed it
  }
}

/** Linked into place, so that nobody ever reads a lock without its holder. */
function create(/** @type {string} */ lock) {
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, `${process.pid} ${startOf(process.pid)}`);
  try {
    linkSync(draft, lock);
    return true;
  } catch (fault) {
    if (!isCode(fault, "EEXIST")) throw fault;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** @param {Holder} holder */
function isAlive({ pid, started }) {
  try {
    process.kill(pid, 0);
  } catch (fault) {
    if (isCode(fault, "ESRCH")) return false;
    if (!isCode(fault, "EPERM")) throw fault;
  }
  return startOf(pid) === started;
}

/** When the process began, in the kernel's ticks since boot; empty where there is no /proc. */
function startOf(/** @type {number} */ pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    // A Mac has no /proc, and a process may end while we look; there the id alone has to do.
    return "";
  }
}

/**
 * @param {unknown} fault
 * @param {string} code
 */
function isCode(fault, code) {
  return fault instanceof Error && "code" in fault && fault.code === code;
}
