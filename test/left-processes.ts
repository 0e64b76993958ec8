import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process that somebody should have ended. */
export interface LeftProcess {
  readonly pid: number;
  readonly commandLine: string;
}

/**
 * Every process that is a child of this one, has `tmpdir` as its TMPDIR or stands in it, so that one that left its parent
 * is found as well. Zombies do not count. Empty where there is no /proc.
 */
export function processesOf(tmpdir: string): LeftProcess[] {
  return allPids().flatMap((pid) => {
    if (pid === process.pid) return [];
    const stat = running(pid);
    if (stat === undefined) return [];
    const startedUnderIt = read(pid, "environ").split("\0").includes(`TMPDIR=${tmpdir}`);
    if (!startedUnderIt && stat.parent !== process.pid && !folderOf(pid).startsWith(tmpdir))
      return [];
    return [{ pid, commandLine: read(pid, "cmdline").replaceAll("\0", " ").trim() }];
  });
}

/** Whether it runs. A zombie does not: in a container nobody may ever collect it. */
export function isRunning(pid: number): boolean {
  return running(pid) !== undefined;
}

/** Ends them by force, one by one. */
export function endProcesses(processes: readonly LeftProcess[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself since we looked.
    }
  }
}

function running(pid: number): { parent: number } | undefined {
  const stat = read(pid, "stat");
  const [state = "", parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ["", "Z", "X"].includes(state) ? undefined : { parent: Number(parent) };
}

function allPids(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    // No /proc on a Mac: there the files and sockets are checked alone.
    return [];
  }
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // It ended while we looked, or belongs to somebody else; neither is ours.
    return "";
  }
}

function folderOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // As above.
    return "";
  }
}
