import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Names one process for ever: a recycled pid has another start. */
export interface Holder {
  /** The machine's name without its domain, which changes with the network. */
  host: string;
  pid: number;
  /** When the process was started, as the system tells it. Only ever compared with itself. */
  startedAt: string;
}

/** The identity of this process. */
export function thisProcess(): Holder {
  own ??= { host: thisHost(), pid: process.pid, startedAt: startOf(process.pid) ?? "" };
  return own;
}

/**
 * Whether that very process still lives; a zombie does not. "unknown" for a process of another machine, or of another user where
 * the system hides its start. A machine that was renamed is still itself where its boot has an id (Linux); one of the same name
 * that was started since has none of its processes left. Takes some microseconds on Linux, some milliseconds elsewhere.
 */
export function isAlive(holder: Holder): boolean | "unknown" {
  const system = systemOf(holder.startedAt);
  const isThisSystem = system !== undefined && system === systemOf(thisProcess().startedAt);
  if (holder.host !== thisHost() && !isThisSystem) return "unknown";
  if (system !== undefined && !isThisSystem) return false;
  const startedAt = startOf(holder.pid);
  if (startedAt !== undefined) return startedAt === holder.startedAt;
  return isHidden(holder.pid) ? "unknown" : false;
}

/** Reads a holder out of parsed JSON; null when it is none. */
export function parseHolder(json: unknown): Holder | null {
  if (typeof json !== "object" || json === null) return null;
  if (!("host" in json) || !("pid" in json) || !("startedAt" in json)) return null;
  const { host, pid, startedAt } = json;
  if (typeof host !== "string" || typeof startedAt !== "string") return null;
  if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) return null;
  return { host, pid, startedAt };
}

let own: Holder | undefined;
let system: string | undefined;

function thisHost(): string {
  return hostname().split(".", 1)[0] ?? "";
}

function startOf(pid: number): string | undefined {
  return process.platform === "linux" ? startFromProc(pid) : startFromPs(pid);
}

/** The boot and the space of pids in which a start was told; undefined where the system has no such ids. */
function systemOf(startedAt: string): string | undefined {
  return /^([0-9a-f-]{36}\.\d+):/.exec(startedAt)?.[1];
}

/** This system and the ticks since its boot: ticks alone repeat where a machine starts the same services in the same order. */
function startFromProc(pid: number): string | undefined {
  const stat = readProc(`${pid}/stat`);
  if (stat === undefined) return undefined;
  // The command's name stands in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  const threads = Number(fields[17]);
  const ticks = fields[19];
  if (ticks === undefined) return undefined;
  // A process whose first thread has ended looks like a zombie while others of its threads go on.
  if ((state === "Z" || state === "X") && threads <= 1) return undefined;
  system ??= thisSystem();
  return `${system}:${ticks}`;
}

/** The boot's id and that of the pid namespace: containers of one machine share the former, and each has pids of its own. */
function thisSystem(): string {
  const bootId = readProc("sys/kernel/random/boot_id")?.trim() ?? "";
  const [namespace = ""] = /\d+/.exec(readlinkSync("/proc/self/ns/pid")) ?? [];
  return `${bootId}.${namespace}`;
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, "latin1");
  } catch {
    // There is no such process, or it is hidden from us; which of the two is asked of kill(2).
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    // In UTC, for the machine may change its time zone while the process runs.
    const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [state, ...start] = line.trim().split(/\s+/);
    return state === undefined || state.startsWith("Z") ? undefined : start.join(" ");
  } catch (error) {
    // ps ends with 1 when there is no such process; anything else is not an answer.
    if (error instanceof Error && "status" in error && error.status === 1) return undefined;
    throw error;
  }
}

function isHidden(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
