import { readdirSync, readFileSync } from "node:fs";

/** Memory of a process in MB (10⁶ bytes). `pss` shares out what several processes have in common; `peak` is the highest `rss` of its life. */
export interface Memory {
  rss: number;
  pss: number;
  peak: number;
}

/** Only where there is a /proc. */
export const canReadMemory = process.platform === "linux";

export function memoryOf(pid: number): Memory {
  return {
    rss: megabytes(pid, "smaps_rollup", "Rss"),
    pss: megabytes(pid, "smaps_rollup", "Pss"),
    peak: megabytes(pid, "status", "VmHWM"),
  };
}

/** The living children of a process, by the program that each runs. */
export function childrenOf(parent: number): { pid: number; commandLine: string }[] {
  return readdirSync("/proc").flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid)) return [];
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) !== parent) return [];
      return [{ pid, commandLine: readFileSync(`/proc/${pid}/cmdline`, "utf8") }];
    } catch {
      // It ended while we looked.
      return [];
    }
  });
}

function megabytes(pid: number, file: string, field: string): number {
  const text = readFileSync(`/proc/${pid}/${file}`, "utf8");
  const [, kibibytes] = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text) ?? [];
  if (kibibytes === undefined) throw new Error(`/proc/${pid}/${file} has no ${field}`);
  return (Number(kibibytes) * 1024) / 1e6;
}
