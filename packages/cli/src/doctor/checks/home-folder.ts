import { access, constants, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Check, Finding } from "../check.ts";

/** The home, or the folder in which it will be made, can be written to, and other users cannot look into it. */
export const homeIsWritable: Check = async ({ home }) => {
  const folder = await nearest(home);
  if (!(await isWritable(folder))) {
    return [
      {
        name: "home",
        is: "missing",
        detail: `${folder} cannot be written to`,
        try_this: `chown or chmod ${folder}, or set AMPX_HOME to another folder`,
      },
    ];
  }
  if (folder !== home)
    return [{ name: "home", is: "ok", detail: `${home} (made at the first start)` }];
  return [await openness(home)];
};

async function openness(home: string): Promise<Finding> {
  const { mode } = await stat(home);
  if ((mode & 0o077) === 0) return { name: "home", is: "ok", detail: home };
  return {
    name: "home",
    is: "note",
    detail: `${home} is open to other users`,
    try_this: `chmod 700 ${home}; the next start does it as well`,
  };
}

/** The deepest folder of the path that is there. */
export async function nearest(path: string): Promise<string> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  return isThere || dirname(path) === path ? path : nearest(dirname(path));
}

function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
