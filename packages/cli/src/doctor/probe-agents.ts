import {
  type Config,
  createRedactor,
  homePaths,
  secretValues,
  type ServerStatus,
} from "@ampx/core";
import { agentNames, createAgent, pricedAbilities } from "@ampx/worker";

/** An agent as a worker reports it. */
export type ProbedAgent = ServerStatus["workers"][number]["agents"][number];

/** All agents as they are on this machine, in this environment: where no worker runs who knows better. */
export async function probeAgents(
  config: Config,
  { home, env }: { home: string; env: NodeJS.ProcessEnv },
): Promise<ProbedAgent[]> {
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
        can: pricedAbilities(agent, config),
      };
    }),
  );
}
