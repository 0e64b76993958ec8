import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, resolve } from "node:path";

/** The absolute path of a program, looked for as a shell would; null when there is none that may be run. */
export async function findCommand(name: string, path: string | undefined): Promise<string | null> {
  const candidates = name.includes("/")
    ? [resolve(name)]
    : (path ?? "").split(delimiter).map((folder) => resolve(folder, name));
  for (const candidate of candidates) if (await isProgram(candidate)) return candidate;
  return null;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    // Not there or not for us: not the one that is looked for.
    return false;
  }
}
