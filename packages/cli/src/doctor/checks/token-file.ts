import { stat } from "node:fs/promises";
import { homePaths } from "@ampx/core/home";
import type { Check } from "../check.ts";

/** Nobody else can read the token, with which everything can be asked of the server. */
export const tokenIsPrivate: Check = async ({ home }) => {
  const { token } = homePaths(home);
  const found = await stat(token).catch(() => undefined);
  if (found === undefined) return [{ name: "token", is: "ok", detail: "made at the first start" }];
  if ((found.mode & 0o077) === 0)
    return [{ name: "token", is: "ok", detail: `${token} is for you alone` }];
  return [
    {
      name: "token",
      is: "missing",
      detail: `${token} can be read by others`,
      try_this: `rm ${token} && ampx stop && ampx serve --detach, for whoever read it has it`,
    },
  ];
};
