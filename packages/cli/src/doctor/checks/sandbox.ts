import { UserError } from "@ampx/core";
import { bubblewrapProblem } from "@ampx/worker";
import { readConfig } from "../../server/server-config.ts";
import type { Check } from "../check.ts";

/** Bubblewrap works, where the config wants it; where it does not, only whether it could is told. */
export const sandboxWorks: Check = async ({ env }) => {
  const config = await readConfig(env).catch((error: unknown) => {
    // Told by the check of the configuration.
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (config === undefined) return [];
  const { mode, network } = config.sandbox;
  const problem = await bubblewrapProblem(AbortSignal.timeout(20_000));
  if (mode === "none") {
    const could =
      problem === null ? "bubblewrap works here: sandbox.mode would turn it on" : problem.what;
    return [{ name: "sandbox", is: "ok", detail: `off; ${could}` }];
  }
  if (problem !== null)
    return [{ name: "sandbox", is: "missing", detail: problem.what, try_this: problem.tryThis }];
  const detail = `agents run in bubblewrap, ${network ? "with the network" : "without a network"}`;
  return [{ name: "sandbox", is: "ok", detail }];
};
