import { randomUUID } from "node:crypto";
import { extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { AgentAbilities, AgentFailureKind, TurnOutcome } from "@ampx/core";
import { z } from "zod";
import type { Agent, AgentEvent, AgentProbe, Turn } from "../ports.ts";
import type { AgentDeps } from "./agent-deps.ts";
import { runAgentProcess } from "./agent-process.ts";
import { agentEnvironment } from "./environment.ts";
import { plainLine } from "./plain-line.ts";
import { exitText, outcomeOfCutOff, saidFrom, tailOf } from "./turn-outcome.ts";

const Message = z.union([
  z.object({ text: z.string() }),
  z.object({ tool: z.string(), input: z.string() }),
  z.object({ tool_ended: z.string(), ok: z.boolean() }),
  z.object({ completed: z.string() }),
  z.object({
    failed: z.enum(["auth", "rate_limit", "overloaded", "context", "model", "spawn", "protocol"]),
    message: z.string(),
  }),
]);
type Message = z.infer<typeof Message>;

// Beside this file, built or not.
const main = fileURLToPath(new URL(`./scripted-main${extname(import.meta.url)}`, import.meta.url));
const tryThis = "set agents.scripted.script to the path of a script";

const can: AgentAbilities = {
  resume: true,
  tokens: "live",
  cost: "live",
  permissions: false,
  steering: false,
};

/** Plays a script, in a process of its own like any other agent: for demos and tests. The script's format: `scripted-script.ts`. */
export function scriptedAgent({ config, env, redact, stateDir, graceMs }: AgentDeps): Agent {
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
    const end = await runAgentProcess(
      {
        ...turn,
        command: process.execPath,
        args: [main, resolve(script), resolve(stateDir), session],
        env: { ...environment, TMPDIR: turn.tmp },
        input: turn.prompt,
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
          last = outcomeOf(message);
          if (last !== undefined) return "over";
          const event = eventOf(message);
          if (event !== undefined) emit(event);
          return undefined;
        },
      },
      signal,
    );
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

function messageOf(line: string): Message | undefined {
  if (!line.startsWith('{"')) return undefined;
  try {
    return Message.safeParse(JSON.parse(line)).data;
  } catch {
    // Output of a command that looks like JSON is a diagnostic like any other.
    return undefined;
  }
}

function outcomeOf(message: Message): TurnOutcome | undefined {
  if ("completed" in message) return { is: "completed", said: saidFrom(message.completed) };
  if ("failed" in message)
    return {
      is: "failed",
      kind: message.failed satisfies AgentFailureKind,
      message: message.message,
    };
  return undefined;
}

function eventOf(message: Message): AgentEvent | undefined {
  if ("text" in message) return { type: "text", text: message.text };
  if ("tool" in message) return { type: "tool", name: message.tool, input: message.input };
  if ("tool_ended" in message)
    return { type: "tool_ended", name: message.tool_ended, ok: message.ok };
  return undefined;
}
