import { type ServerStatus, UserError } from "@ampx/core";
import { parkedWords } from "../../render/parked-words.ts";
import { readConfig } from "../../server/server-config.ts";
import type { Check, Finding } from "../check.ts";
import { probeAgents, type ProbedAgent } from "../probe-agents.ts";

/** The agent that tasks get by default can run; of the others, how they are. The worker knows best: it has their keys. */
export const agentsAreReady: Check = async (surroundings) => {
  const config = await readConfig(surroundings.env).catch((error: unknown) => {
    // Told by the check of the configuration.
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (config === undefined) return [];
  const reported = surroundings.running?.status.workers.flatMap(({ agents }) => agents) ?? [];
  const agents = reported.length > 0 ? reported : await probeAgents(config, surroundings);
  const parked = surroundings.running?.status.parked ?? [];
  return agents.map((agent) =>
    findingOf(
      agent,
      parked.find((one) => one.agent === agent.name),
      config.agent,
    ),
  );
};

function findingOf(
  { name, command, version, problems }: ProbedAgent,
  parked: ServerStatus["parked"][number] | undefined,
  chosen: string,
): Finding {
  const [problem] = problems;
  const title = `agent ${name}${name === chosen ? " (default)" : ""}`;
  if (problem !== undefined)
    return {
      name: title,
      is: name === chosen ? "missing" : "note",
      detail: problem.what,
      try_this: problem.try_this,
    };
  // A login that is there and is refused is seen by nobody but a task. Other refusals end by themselves.
  if (parked !== undefined)
    return {
      name: title,
      is: name === chosen && parked.kind === "auth" ? "missing" : "note",
      detail: `parked ${parkedWords(parked, Date.now())}`,
    };
  return {
    name: title,
    is: "ok",
    detail: [version, command].filter((part) => part !== null).join(", ") || "ready",
  };
}
