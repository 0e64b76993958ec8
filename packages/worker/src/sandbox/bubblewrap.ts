import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { PlannedPath } from "./access-plan.ts";

export interface Bubble {
  paths: readonly PlannedPath[];
  /** Without it there is only a loopback of its own. */
  network: boolean;
  cwd: string;
}

const program = "bwrap";

/** The command line that runs another one in a bubble: the machine read-only but for `paths`, with processes of its own. */
export function bubblewrapLine(
  { paths, network, cwd }: Bubble,
  command: string,
  args: readonly string[],
): { command: string; args: string[] } {
  const hiddenFolders = paths.filter(({ access, isFolder }) => access === "hidden" && isFolder);
  return {
    command: program,
    args: [
      ...ground,
      ...(network ? [] : ["--unshare-net"]),
      ...paths.flatMap(mountOf),
      // Only now: what is shown in them had to be made. A write must fail, not vanish.
      ...hiddenFolders.flatMap(({ path }) => ["--remount-ro", path]),
      "--chdir",
      cwd,
      "--",
      command,
      ...args,
    ],
  };
}

/** Processes that stand between the one that is started and the one that was meant: the watcher outside, and the first one inside. */
export const bubblewrapLevels = 2;

const ground = [
  // Whatever becomes of the worker, nothing inside outlives it.
  "--die-with-parent",
  // Nor does it see other processes, whose environments hold keys.
  "--unshare-pid",
  "--unshare-ipc",
  // Root without any of its powers; for others there are none.
  "--cap-drop ALL",
  "--ro-bind / /",
  "--dev /dev",
  "--proc /proc",
].flatMap((option) => option.split(" "));

function mountOf({ path, access, isFolder }: PlannedPath): string[] {
  switch (access) {
    case "writable":
      return ["--bind", path, path];
    case "readable":
      return ["--ro-bind", path, path];
    case "scratch":
      return ["--tmpfs", path];
    case "hidden":
      // Empty rather than forbidden: programs do without a file that says nothing.
      return isFolder ? ["--tmpfs", path] : ["--dev-bind", "/dev/null", path];
  }
}

/** Tries bubblewrap out. Null: it works. */
export async function bubblewrapProblem(
  signal: AbortSignal,
): Promise<{ what: string; tryThis: string } | null> {
  if (process.platform !== "linux")
    return {
      what: "the sandbox bubblewrap works on Linux only",
      tryThis: "set sandbox.mode to none in your config",
    };
  try {
    await promisify(execFile)(program, [...ground, "--", "true"], { signal });
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return {
        what: "bubblewrap (bwrap) is not installed",
        tryThis: "install your distribution's package bubblewrap, or set sandbox.mode to none",
      };
    const words = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    return {
      what: `bubblewrap does not work here: ${words || String(error)}`,
      tryThis:
        "let users make namespaces (sysctl kernel.unprivileged_userns_clone=1, or an AppArmor profile for bwrap; a container must be allowed to), or set sandbox.mode to none",
    };
  }
}
