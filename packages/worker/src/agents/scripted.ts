import { randomUUID } from "node:crypto";
import { extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { AgentAbilities, TurnOutcome } from "@ampx/core";
import type { Agent, AgentEvent, AgentProbe, Turn } from "../ports.ts";
import type { AgentDeps } from "./agent-deps.ts";
import { runAgentProcess } from "./agent-process.ts";
import { agentEnvironment } from "./environment.ts";
import { plainLine } from "./plain-line.ts";
import { eventOf, messageOf, outcomeOf } from "./scripted-message.ts";
import { type ScriptedTalk, scriptedTalk } from "./scripted-talk.ts";
import { exitText, outcomeOfCutOff, saidFrom, tailOf } from "./turn-outcome.ts";

// Beside this file, built or not.
const main = fileURLToPath(new URL(`./scripted-main${extname(import.meta.url)}`, import.meta.url));
const tryThis = "set agents.scripted.script to the path of a script";

const can: AgentAbilities = {
  resume: true,
  tokens: "live",
  cost: "live",
  permissions: true,
  steering: true,
};

/** Plays a script, in a process of its own like any other agent: for demos and tests. The script's format: `scripted-script.ts`. */
export function scriptedAgent({
  config,
  env,
  redact,
  stateDir,
  graceMs,
  now = Date.now,
}: AgentDeps): Agent {
  const { script } = config.agents.scripted;
  const environment = agentEnvironment(env, config.agent_env);

  return { name: "scripted", can, probe, runTurn };

  async function probe(): Promise<AgentProbe> {
    const problems = script === undefined ? [{ what: "no script is configured", tryThis }] : [];
    return { command: process.execPath, version: process.version, problems };
  }

  async function runTurn(
    turn: Turn,
    emit: (event: AgentEvent) => void,
    signal: AbortSignal,
  ): Promise<TurnOutcome> {
    if (script === undefined)
      return { is: "failed", kind: "spawn", message: `No script is configured: ${tryThis}.` };
    const session = turn.session ?? randomUUID();
    emit({ type: "session", id: session });
    const complaints = tailOf(500);
    let said = "";
    let last: TurnOutcome | undefined;
    let talk: ScriptedTalk | undefined;
    const end = await runAgentProcess(
      {
        ...turn,
        command: process.execPath,
        args: [main, resolve(script), resolve(stateDir), session],
        env: { ...environment, TMPDIR: turn.tmp },
        input: (stdin, watchdog) => {
          talk = scriptedTalk(stdin, turn, watchdog);
        },
        ...(graceMs === undefined ? {} : { graceMs }),
        redact,
        onLine(stream, line) {
          const message = stream === "stdout" ? messageOf(line.text) : undefined;
          if (message === undefined) {
            const text = plainLine(line.text);
            if (stream === "stderr") complaints.add(text);
            emit({ type: "diagnostic", text });
            return undefined;
          }
          if ("text" in message) said = message.text;
          else if ("heard" in message) talk?.heard();
          else if ("ask" in message) talk?.asked(message.ask);
          const event = eventOf(message);
          if (event !== undefined) emit(event);
          last ??= outcomeOf(message, now());
          if (last === undefined) return undefined;
          talk?.close();
          return "over";
        },
      },
      signal,
    );
    talk?.close();
    if (last?.is === "completed") return last;
    if (end.is !== "exited") return outcomeOfCutOff(end, saidFrom(said));
    if (last !== undefined) return last;
    const detail = complaints.text();
    return {
      is: "failed",
      kind: "protocol",
      message: `The scripted agent ${exitText(end)} without a last word${detail === "" ? "" : `: ${detail}`}`,
    };
  }
}
