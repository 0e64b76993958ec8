import type { ServerStatus } from "@ampx/core";
import { type ProbedAgent, probeAgents } from "./doctor/probe-agents.ts";
import { readConfig } from "./server/server-config.ts";

/** What is known of the agents of this machine. */
export interface AgentsReport {
  /** Who has looked: the running worker, which has their keys, or this command. */
  asked: "worker" | "here";
  agents: (ProbedAgent & {
    /** Whether a task that names none gets it. */
    default: boolean;
    parked: ServerStatus["parked"][number] | null;
  })[];
}

/** Asks the running worker, if there is one. Throws a `UserError` for a configuration that is not accepted. */
export async function agentsReport({
  home,
  env,
  status,
}: {
  home: string;
  env: NodeJS.ProcessEnv;
  status: ServerStatus | undefined;
}): Promise<AgentsReport> {
  const config = await readConfig(env);
  // Several workers tell of the same agents.
  const reported = new Map(
    (status?.workers ?? []).flatMap(({ agents }) => agents).map((agent) => [agent.name, agent]),
  );
  const isTold = reported.size > 0;
  const agents = isTold ? [...reported.values()] : await probeAgents(config, { home, env });
  return {
    asked: isTold ? "worker" : "here",
    agents: agents.map((agent) => ({
      ...agent,
      default: agent.name === config.agent,
      parked: status?.parked.find((parked) => parked.agent === agent.name) ?? null,
    })),
  };
}
