import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { isRunning } from "../left-processes.ts";

export interface WorldProcess {
  pid: number;
  commandLine: string;
}

/** The living processes that name the folder in their environment or on their command line, or stand in it. */
export function processesOfWorld(
  root: string,
  except: readonly (number | undefined)[] = [],
): WorldProcess[] {
  return readdirSync("/proc").flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || except.includes(pid) || !isRunning(pid)) return [];
    const commandLine = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
    const isOfWorld =
      commandLine.includes(root) ||
      read(`/proc/${pid}/environ`).includes(root) ||
      folderOf(pid).startsWith(root);
    return isOfWorld ? [{ pid, commandLine }] : [];
  });
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
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
