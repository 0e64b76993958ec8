import type { AgentAbilities } from "@ampx/core";
import type { Agent, AgentProbe } from "../ports.ts";
import { runAcpTurn } from "./acp-turn.ts";
import type { AgentDeps } from "./agent-deps.ts";
import { agentEnvironment } from "./environment.ts";
import { findCommand } from "./find-command.ts";

const tryThis = "set agents.acp.command to the command line of an agent, such as [opencode, acp]";

const can: AgentAbilities = {
  resume: true,
  tokens: "at_end",
  cost: "live",
  permissions: true,
  steering: false,
};

/** Any agent that speaks the Agent Client Protocol, by its command line. Its login is its own affair. */
export function acpAgent({ config, env, redact, stateDir, graceMs, now }: AgentDeps): Agent {
  const { command: [program, ...args] = [], mode } = config.agents.acp;
  const environment = agentEnvironment(env, [...config.agent_env, ...xdgVariables]);

  return {
    name: "acp",
    can,
    async probe(): Promise<AgentProbe> {
      const command = await find();
      const problems: AgentProbe["problems"] = [];
      if (program === undefined) problems.push({ what: "no ACP agent is configured", tryThis });
      else if (command === null) problems.push({ what: `"${program}" is not installed`, tryThis });
      return { command, version: null, problems };
    },
    async runTurn(turn, tell, signal) {
      const command = await find();
      if (command === null) {
        const what =
          program === undefined ? "No ACP agent is configured" : `"${program}" is not installed`;
        return { is: "failed", kind: "spawn", message: `${what}: ${tryThis}.` };
      }
      const signIn = `log in with ${program} itself, as the user of the server`;
      return runAcpTurn(
        {
          agent: "acp",
          command,
          args,
          env: environment,
          signIn,
          ...(mode === undefined ? {} : { mode }),
        },
        turn,
        {
          tell,
          redact,
          stateDir,
          ...(graceMs === undefined ? {} : { graceMs }),
          ...(now === undefined ? {} : { now }),
        },
        signal,
      );
    },
  };

  async function find(): Promise<string | null> {
    return program === undefined ? null : findCommand(program, environment["PATH"]);
  }
}

/** Where agents look for their logins. */
const xdgVariables = ["CONFIG", "DATA", "CACHE", "STATE"].map((kind) => `XDG_${kind}_HOME`);
