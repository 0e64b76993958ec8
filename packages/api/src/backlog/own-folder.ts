import { lstat, mkdir } from "node:fs/promises";
import { UserError } from "@ampx/core";
import { errorCode } from "./error-code.ts";

/** Makes a folder in the backlog unless it is there. Throws a `UserError` for anything else of its name: a link could lead out of the backlog. */
export async function ownFolder(path: string): Promise<string> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    if (!(await lstat(path)).isDirectory())
      throw new UserError(`${path} is not a folder`, {
        kind: "conflict",
        tryThis: "move it away, or make it a folder; nothing is taken from the backlog until then",
      });
  }
  return path;
}
