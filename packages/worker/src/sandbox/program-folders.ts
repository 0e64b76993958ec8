import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/**
 * Where a program is read from, and the programs that it may start by their names: the command and the folders of the PATH, without
 * links, each with the packages that it lies among.
 */
export function programFolders(command: string, path: string | undefined): string[] {
  const names = [command, ...(path ?? "").split(delimiter)];
  const there = names.filter((name) => name !== "" && existsSync(name));
  return [...new Set(there.map((name) => amongPackages(realpathSync(name))))];
}

/** The uppermost folder above a file or folder that holds packages; itself, if none does. */
function amongPackages(path: string): string {
  let found = path;
  for (let at = path; at !== dirname(at); at = dirname(at))
    if (existsSync(join(at, "node_modules"))) found = at;
  return found;
}
