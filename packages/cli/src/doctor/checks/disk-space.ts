import { statfs } from "node:fs/promises";
import type { Check } from "../check.ts";
import { nearest } from "./home-folder.ts";

const neededBytes = 1024 ** 3;

/** Room for copies of repositories, worktrees and logs. */
export const diskSpace: Check = async ({ home }) => {
  const folder = await nearest(home);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const detail = `${(free / 1024 ** 3).toFixed(1)} GB free at ${folder}`;
  if (free >= neededBytes) return [{ name: "disk", is: "ok", detail }];
  return [
    {
      name: "disk",
      is: "missing",
      detail: `only ${detail}`,
      try_this: "free at least 1 GB, or set AMPX_HOME to a folder on another disk",
    },
  ];
};
