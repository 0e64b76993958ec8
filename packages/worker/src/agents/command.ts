import type { AgentAbilities, TurnOutcome } from "@ampx/core";
import type { Agent, AgentEvent, AgentProbe, Turn } from "../ports.ts";
import type { AgentDeps } from "./agent-deps.ts";
import { runAgentProcess } from "./agent-process.ts";
import { agentEnvironment } from "./environment.ts";
import { findCommand } from "./find-command.ts";
import { plainLine } from "./plain-line.ts";
import { exitText, outcomeOfCutOff, saidFrom, tailOf } from "./turn-outcome.ts";

const tryThis =
  "set agents.command.command to a program (and its arguments) that reads the prompt from its standard input";

const can: AgentAbilities = {
  resume: false,
  tokens: "never",
  cost: "never",
  permissions: false,
  steering: false,
};

/** Any command line as an agent: the prompt on its standard input, every line that it prints a text, exit code 0 a completed turn. */
export function commandAgent({ config, env, redact, graceMs }: AgentDeps): Agent {
  const [command, ...args] = config.agents.command.command ?? [];
  const environment = agentEnvironment(env, config.agent_env);

  return { name: "command", can, probe, runTurn };

  async function probe(): Promise<AgentProbe> {
    if (command === undefined)
      return {
        command: null,
        version: null,
        problems: [{ what: "no command is configured", tryThis }],
      };
    const found = await findCommand(command, environment["PATH"]);
    const problems =
      found === null ? [{ what: `the command "${command}" is not installed`, tryThis }] : [];
    return { command: found, version: null, problems };
  }

  async function runTurn(
    turn: Turn,
    emit: (event: AgentEvent) => void,
    signal: AbortSignal,
  ): Promise<TurnOutcome> {
    if (command === undefined)
      return { is: "failed", kind: "spawn", message: `No command is configured: ${tryThis}.` };
    const said = tailOf();
    const complaints = tailOf(500);
    const end = await runAgentProcess(
      {
        ...turn,
        command,
        args,
        env: { ...environment, TMPDIR: turn.tmp },
        input: turn.prompt,
        ...(graceMs === undefined ? {} : { graceMs }),
        redact,
        onLine(stream, line) {
          const text = plainLine(line.text);
          if (stream === "stdout") said.add(text);
          else complaints.add(text);
          emit({ type: stream === "stdout" ? "text" : "diagnostic", text });
          return undefined;
        },
      },
      signal,
    );
    const words = saidFrom(said.text());
    if (end.is === "not_started" && /ENOENT|EACCES/.test(end.message)) {
      const message = `"${command}" could not be started (${end.message}): ${tryThis}`;
      return { is: "failed", kind: "spawn", message };
    }
    if (end.is !== "exited") return outcomeOfCutOff(end, words);
    if (end.code === 0) return { is: "completed", said: words };
    // What shells and env say of a command that is not there or may not be run. Anything else is a crash: no attempt, tried again.
    const kind = end.code === 126 || end.code === 127 ? "spawn" : "protocol";
    const detail = complaints.text() || words.slice(-500);
    return {
      is: "failed",
      kind,
      message: `The agent's command ${exitText(end)}${detail === "" ? "" : `: ${detail}`}`,
    };
  }
}
