import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";

/**
 * Where a program is read from, and the programs that it may start by their names: the command line's own files, such as a script for
 * Node, and the folders of the PATH, without links, each with the packages that it lies among.
 */
export function programFolders(commandLine: readonly string[], path: string | undefined): string[] {
  const names = [...commandLine, ...(path ?? "").split(delimiter)];
  const there = names.filter((name) => isAbsolute(name) && existsSync(name));
  return [...new Set(there.map((name) => amongPackages(realpathSync(name))))];
}

/** The uppermost folder above a file or folder that holds packages; itself, if none does. */
function amongPackages(path: string): string {
  let found = path;
  for (let at = path; at !== dirname(at); at = dirname(at))
    if (existsSync(join(at, "node_modules"))) found = at;
  return found;
}
