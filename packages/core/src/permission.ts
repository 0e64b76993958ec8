import { isWithin, resolvePath } from "./lexical-path.ts";
import { writtenPaths } from "./written-paths.ts";

/** A tool that an agent wants to use and asks for. */
export interface PermissionRequest {
  /** The agent's own name of the tool. */
  tool: string;
  /** What it would do, as the agent tells it: a command line, or the tool's input as JSON. */
  input: string;
  /** Files and folders that it names, absolute or relative to the worktree; empty when it names none. */
  paths: readonly string[];
}

/** `why`: told to the agent, which may find another way. */
export type PermissionAnswer = { is: "allowed" } | { is: "denied"; why: string };

export type PermissionPolicy = "worktree" | "ask" | "all";

interface PermissionPlace {
  policy: PermissionPolicy;
  /** Absolute, as are all of `writable`. */
  worktree: string;
  /** Further folders, such as the one for temporary files. */
  writable: readonly string[];
}

/**
 * What is answered to an agent that asks; a string: a person is asked, and this is why.
 *
 * Outside of the worktree and the writable folders lies what a tool names there, and what a command line clearly writes there. To read by a
 * command is let pass: compilers and headers lie outside. Judged are the names alone, without a look at any disk: that
 * an agent asks is its courtesy. What must not happen is for a sandbox to prevent.
 */
export function judgePermission(
  request: PermissionRequest,
  place: PermissionPlace,
): PermissionAnswer | string {
  if (place.policy === "all") return { is: "allowed" };
  const outside = firstOutside(request, place);
  if (outside === undefined) return { is: "allowed" };
  const folders = [place.worktree, ...place.writable].join(" and ");
  const why = `${outside} lies outside of what this task may use: ${folders}`;
  return place.policy === "ask" ? why : { is: "denied", why };
}

function firstOutside(
  { input, paths }: PermissionRequest,
  { worktree, writable }: PermissionPlace,
): string | undefined {
  const named = paths.map((path) => resolvePath(worktree, path));
  const all = isJson(input) ? named : [...named, ...writtenPaths(input, worktree)];
  return all.find((path) => ![worktree, ...writable].some((folder) => isWithin(path, folder)));
}

function isJson(input: string): boolean {
  try {
    JSON.parse(input);
    return true;
  } catch {
    // Then it is a command line.
    return false;
  }
}
