import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

/** One living process at the moment of a look. Zombies are not living. */
export interface ProcessRow {
  pid: number;
  parent: number;
  /** The session it belongs to, named by the pid of the session's first process (elsewhere than Linux: its process group). */
  session: number;
  /** Together with the pid this names one process for ever; a recycled pid has another start. */
  start: string;
}

/** The variable by which every process that is started for a task is known, whatever becomes of its parents. */
export const markVariable = "AMPX_MARK";

/** The machine at one look. */
export interface Look {
  /** Every living process. */
  all: Map<number, ProcessRow>;
  /** Those whose environment holds `AMPX_MARK=<mark>`, or a mark below it: `<mark>:…`. */
  marked: Set<number>;
}

export interface LookOptions {
  /** Called for each marked process at once, for those that do not live long enough to be dealt with after the look. */
  onMarked?: (row: ProcessRow) => void;
  platform?: NodeJS.Platform;
}

/** Every living process of the machine. */
export async function readProcesses(
  platform: NodeJS.Platform = process.platform,
): Promise<Map<number, ProcessRow>> {
  if (platform !== "linux") return new Map((await rowsFromPs()).map((row) => [row.pid, row]));
  return lookByProc(undefined, undefined).all;
}

/** Looks at every process of the machine and at its environment. On Linux this costs some milliseconds, most of them for reading environments. */
export async function lookAtProcesses(
  mark: string,
  { onMarked, platform = process.platform }: LookOptions = {},
): Promise<Look> {
  if (mark === "" || mark.includes("\0")) throw new Error(`not a process mark: "${mark}"`);
  const wanted = `${markVariable}=${mark}`;
  return platform === "linux" ? lookByProc(wanted, onMarked) : lookByPs(wanted, platform, onMarked);
}

/** A listing that holds nothing new ends the look; where processes come and go faster than they can be listed, this number does. */
const maxListings = 20;

/** Whoever was started by a process that went before it was looked at stands in the next listing. */
function lookByProc(wanted: string | undefined, onMarked: LookOptions["onMarked"]): Look {
  const needle = wanted === undefined ? undefined : Buffer.from(wanted);
  const look: Look = { all: new Map(), marked: new Set() };
  const examined = new Set<string>();
  for (let listing = 0; listing < maxListings; listing++) {
    const names = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && !examined.has(name));
    if (names.length === 0) break;
    // The youngest first: they are the ones that may be gone soon.
    for (const name of names.toReversed()) {
      examined.add(name);
      const row = rowOf(Number(name));
      if (row === undefined) continue;
      look.all.set(row.pid, row);
      if (needle === undefined || !hasEntry(readProc(row.pid, "environ"), needle)) continue;
      look.marked.add(row.pid);
      onMarked?.(row);
    }
  }
  return look;
}

function rowOf(pid: number): ProcessRow | undefined {
  const stat = readProc(pid, "stat")?.toString("latin1");
  if (stat === undefined) return undefined;
  // The command's name stands in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent, , session] = fields;
  const threads = Number(fields[17]);
  const start = fields[19];
  if (start === undefined) return undefined;
  // A process whose first thread has ended looks like a zombie while others of its threads go on.
  if ((state === "Z" || state === "X") && threads <= 1) return undefined;
  return { pid, parent: Number(parent), session: Number(session), start };
}

const colon = ":".charCodeAt(0);

function hasEntry(environ: Buffer | undefined, entry: Buffer): boolean {
  if (environ === undefined) return false;
  for (let at = environ.indexOf(entry); at !== -1; at = environ.indexOf(entry, at + 1)) {
    const end = at + entry.length;
    const isWhole = end === environ.length || environ[end] === 0 || environ[end] === colon;
    if ((at === 0 || environ[at - 1] === 0) && isWhole) return true;
  }
  return false;
}

function readProc(pid: number, file: "stat" | "environ"): Buffer | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`);
  } catch {
    // It ended since the folder was listed, or belongs to another user and so cannot be ours.
    return undefined;
  }
}

const run = promisify(execFile);
const psOptions = {
  maxBuffer: 64 * 1024 * 1024,
  env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C" },
};

/** `ps` shows the environment behind the command line, so a command line that holds the mark counts too. */
async function lookByPs(
  wanted: string,
  platform: NodeJS.Platform,
  onMarked: LookOptions["onMarked"],
): Promise<Look> {
  const rows = await rowsFromPs();
  const look: Look = { all: new Map(rows.map((row) => [row.pid, row])), marked: new Set() };
  const args =
    platform === "darwin" ? ["-axEww", "-o", "pid=,command="] : ["axeww", "-o", "pid=,command="];
  const { stdout: environments } = await run("ps", args, psOptions);
  for (const line of environments.split("\n")) {
    const row = look.all.get(Number.parseInt(line, 10));
    const isMarked = `${line} `.includes(` ${wanted} `) || line.includes(` ${wanted}:`);
    if (row === undefined || !isMarked) continue;
    look.marked.add(row.pid);
    onMarked?.(row);
  }
  return look;
}

async function rowsFromPs(): Promise<ProcessRow[]> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid=,pgid=,stat=,lstart="], psOptions);
  return stdout.split("\n").flatMap((line) => {
    const [pid, parent, group, state, ...start] = line.trim().split(/\s+/);
    if (state === undefined || state.startsWith("Z")) return [];
    return [
      { pid: Number(pid), parent: Number(parent), session: Number(group), start: start.join(" ") },
    ];
  });
}
