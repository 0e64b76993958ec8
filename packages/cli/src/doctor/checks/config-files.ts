import { UserError, userConfigFile } from "@ampx/core";
import { readConfig } from "../../server/server-config.ts";
import type { Check } from "../check.ts";

/** The user's configuration file and the environment's settings are as they must be. */
export const configIsValid: Check = async ({ env }) => {
  try {
    await readConfig(env);
    return [{ name: "config", is: "ok", detail: userConfigFile(env) }];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [
      {
        name: "config",
        is: "missing",
        detail: error.message,
        ...(error.tryThis !== undefined && { try_this: error.tryThis }),
      },
    ];
  }
};
