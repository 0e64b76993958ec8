import { createRedactor, homePaths, secretValues, UserError, type Config } from "@ampx/core";
import { agentNames, createAgent } from "@ampx/worker";
import { readConfig } from "../../server/server-config.ts";
import type { Check, Finding, Surroundings } from "../check.ts";

interface Probed {
  name: string;
  command: string | null;
  version: string | null;
  problems: { what: string; try_this: string }[];
}

/** The agent that tasks get by default can run; of the others, how they are. The worker knows best: it has their keys. */
export const agentsAreReady: Check = async (surroundings) => {
  const config = await readConfig(surroundings.env).catch((error: unknown) => {
    // Told by the check of the configuration.
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (config === undefined) return [];
  const reported = surroundings.running?.status.workers.flatMap(({ agents }) => agents) ?? [];
  const agents = reported.length > 0 ? reported : await probeHere(config, surroundings);
  return agents.map((agent) => findingOf(agent, config.agent));
};

async function probeHere(config: Config, { home, env }: Surroundings): Promise<Probed[]> {
  const redact = createRedactor(secretValues(env, config.secret_env));
  const agents = agentNames.map((name) =>
    createAgent(name, { config, env, redact, stateDir: homePaths(home).sessions }),
  );
  return Promise.all(
    agents.map(async (agent) => {
      const { command, version, problems } = await agent.probe(AbortSignal.timeout(20_000));
      return {
        name: agent.name,
        command,
        version,
        problems: problems.map(({ what, tryThis }) => ({ what, try_this: tryThis })),
      };
    }),
  );
}

function findingOf({ name, command, version, problems }: Probed, chosen: string): Finding {
  const [problem] = problems;
  const title = `agent ${name}${name === chosen ? " (default)" : ""}`;
  if (problem === undefined)
    return {
      name: title,
      is: "ok",
      detail: [version, command].filter((part) => part !== null).join(", ") || "ready",
    };
  return {
    name: title,
    is: name === chosen ? "missing" : "note",
    detail: problem.what,
    try_this: problem.try_this,
  };
}
