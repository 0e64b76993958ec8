import { mkdir, realpath, stat, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";

/**
 * What the inside of a sandbox may do with a path and all below it. `scratch`: an empty folder of its own, gone with the turn.
 * `hidden`: an empty folder, or an empty file.
 */
export type Access = "writable" | "readable" | "hidden" | "scratch";

export interface PlannedPath {
  /** Absolute, without symbolic links. */
  path: string;
  access: Access;
  isFolder: boolean;
}

/** What a program keeps on the machine, by absolute paths. Those of folders end with a slash. */
export interface Keeps {
  /** What it must write to, such as its sessions and its login. Made, empty, when it is not there. */
  writable: readonly string[];
  /**
   * What it reads and must not change: settings that make it run programs, for whoever starts it outside reads them too.
   * Those in a writable folder are made, empty, when they are not there: else they could be made inside.
   */
  readable: readonly string[];
}

/** Paths with what may be done with them. Of several that hold a path the most exact one counts; what none holds is readable. */
export class AccessPlan {
  readonly #paths = new Map<string, PlannedPath>();

  /** Replaces what was planned for these very paths before. One that is not there is left out. */
  async set(access: Access, paths: Iterable<string>): Promise<void> {
    for (const path of paths) {
      const real = await realpath(path).catch(() => null /* Not there, or not for us. */);
      if (real === null) continue;
      const isFolder = (await stat(real)).isDirectory();
      this.#paths.set(real, { path: real, access, isFolder });
    }
  }

  /** Of a program that works inside. Makes what is missing, see {@link Keeps}. */
  async keep({ writable, readable }: Keeps): Promise<void> {
    for (const path of writable) await makeEmpty(path);
    await this.set("writable", writable);
    const missing = readable.filter((path) => this.of(dirname(path)) === "writable");
    for (const path of missing) await makeEmpty(path);
    await this.set("readable", readable);
  }

  /** Parents before what is in them. */
  paths(): PlannedPath[] {
    return [...this.#paths.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  of(path: string): Access {
    for (let at = path; ; at = dirname(at)) {
      const found = this.#paths.get(at);
      if (found !== undefined) return found.access;
      if (at === dirname(at)) return "readable";
    }
  }
}

/** Paths as people write them in a config: from the root, or from their home by `~`. */
export function expandHome(path: string, home: string): string {
  return path === "~" || path.startsWith("~/") ? join(home, path.slice(1)) : path;
}

async function makeEmpty(path: string): Promise<void> {
  if (!path.endsWith(sep)) await mkdir(dirname(path), { recursive: true });
  const text = path.endsWith(".json") ? "{}\n" : "";
  await (
    path.endsWith(sep)
      ? mkdir(path, { recursive: true })
      : writeFile(path, text, { flag: "wx", mode: 0o600 })
  ).catch(unlessThere);
}

function unlessThere(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
}
