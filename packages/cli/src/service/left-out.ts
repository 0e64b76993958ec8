import type { Config } from "@ampx/core";
import { agentVariables } from "@ampx/worker/agents/variables";
import { tokenNames } from "@ampx/worker/github/identity";
import type { ServicePlan } from "./service-plan.ts";

const proxies = new Set(["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"]);

/**
 * The names of variables that the server or its agents would see if it were started by hand now, and will not see as a service,
 * unless `given` (the text of the file with keys) sets them.
 */
export function leftOut(
  env: NodeJS.ProcessEnv,
  config: Pick<Config, "agent_env" | "secret_env" | "github">,
  { environment }: Pick<ServicePlan, "environment">,
  given: string,
): string[] {
  const named = new Set([
    ...agentVariables,
    ...tokenNames,
    ...config.agent_env,
    ...config.secret_env,
    config.github.token_env,
  ]);
  const isRead = (name: string) =>
    named.has(name) || name.startsWith("AMPX_") || proxies.has(name.toUpperCase());
  const isGiven = (name: string) =>
    name in environment ||
    given.split("\n").some((line) => line.trimStart().startsWith(`${name}=`));
  return Object.keys(env)
    .filter((name) => (env[name] ?? "") !== "" && isRead(name) && !isGiven(name))
    .toSorted();
}
