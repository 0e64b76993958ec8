import type { AgentAbilities, AgentFailureKind, TurnOutcome } from "@ampx/core";
import type { Agent, AgentEvent, AgentProbe, Turn } from "../ports.ts";
import type { AgentDeps } from "./agent-deps.ts";
import { type ProcessEnd, runAgentProcess } from "./agent-process.ts";
import {
  codexHome,
  codexIsSignedIn,
  codexProblems,
  codexVariables,
  readCodexCli,
} from "./codex-cli.ts";
import { codexFailureKind } from "./codex-failure.ts";
import { codexMeter } from "./codex-meter.ts";
import { type CodexEnding, codexStream } from "./codex-stream.ts";
import { agentEnvironment } from "./environment.ts";
import { findCommand } from "./find-command.ts";
import { plainLine } from "./plain-line.ts";
import { probeProgram } from "./probe-program.ts";
import { failedTurn } from "./provider-failure.ts";
import { redactedEvent } from "./redact-event.ts";
import { exitText, outcomeOfCutOff, saidFrom, tailOf } from "./turn-outcome.ts";

/** A command's whole output is one line. */
const maxLine = 16 * 1024 * 1024;

const can: AgentAbilities = {
  resume: true,
  tokens: "live",
  cost: "never",
  permissions: false,
  steering: false,
};

/** The Codex CLI, one process per turn; its threads are our sessions. */
export function codexAgent({
  config,
  env,
  redact,
  stateDir,
  graceMs,
  now = Date.now,
}: AgentDeps): Agent {
  const { command: name = "codex", model, sandbox, args: furtherArgs } = config.agents.codex;
  const environment = agentEnvironment(env, [...config.agent_env, ...codexVariables]);

  return { name: "codex", can, probe, runTurn };

  function probe(signal: AbortSignal): Promise<AgentProbe> {
    return probeProgram({
      name,
      env: environment,
      problems: codexProblems,
      read: (command) => readCodexCli(command, environment, signal),
      lacks: async () => ((await codexIsSignedIn(environment)) ? [] : [codexProblems.notSignedIn]),
    });
  }

  async function runTurn(
    turn: Turn,
    tell: (event: AgentEvent) => void,
    signal: AbortSignal,
  ): Promise<TurnOutcome> {
    const command = await findCommand(name, environment["PATH"]);
    if (command === null) return failed("spawn", codexProblems.notInstalled(name).what);
    const complaints = tailOf(1_000);
    const { session } = turn;
    const emit = (event: AgentEvent) => {
      if (event.type === "session") meter.begin(event.id);
      if (event.type === "diagnostic") complaints.add(event.text);
      tell(redactedEvent(event, redact));
    };
    using meter = codexMeter({ home: codexHome(environment), stateDir, session, emit });
    await meter.open();
    const stream = codexStream(emit);
    let ending: CodexEnding | undefined;
    const giveUp = new AbortController();
    const end = await runAgentProcess(
      {
        ...turn,
        command,
        args: argumentsOf(turn),
        env: { ...environment, TMPDIR: turn.tmp },
        // A command line can be read by everyone on the machine.
        input: turn.prompt,
        ...(graceMs === undefined ? {} : { graceMs }),
        redact,
        verbatim: true,
        maxLine,
        onLine(from, { text }) {
          const line = plainLine(text);
          if (from === "stderr") {
            if (line !== "") emit({ type: "diagnostic", text: line });
            return undefined;
          }
          const read = stream.read(line);
          meter.look();
          if (read === undefined) return undefined;
          if (read === "offline") return giveUp.abort();
          ending ??= read;
          return "over";
        },
      },
      AbortSignal.any([signal, giveUp.signal]),
    );
    await meter.end(ending?.is === "completed" ? ending.reading : null);
    if (ending === undefined && giveUp.signal.aborted && !signal.aborted)
      return failed("overloaded", "there is no network, or its provider cannot be reached");
    const retry = stream.retrying();
    // It waits as long as its provider asks for, for hours too, and without another word.
    if (ending === undefined && end.is === "stalled" && retry !== undefined)
      return failed(
        codexFailureKind(retry) ?? "overloaded",
        `waits to call its model again: ${redact(retry)}`,
      );
    const outcome = outcomeOf(end, ending, stream.said(), complaints.text());
    // To the second, where its words tell the minute.
    const resetAt = meter.resetAt();
    return outcome.is === "failed" && outcome.kind === "rate_limit" && resetAt !== null
      ? { ...outcome, resetAt }
      : outcome;
  }

  /** Options stand before `resume`, which does not know all of them. */
  function argumentsOf(turn: Turn): string[] {
    const args = ["exec", "--json", "--sandbox", sandbox, "--skip-git-repo-check"];
    if (model !== undefined) args.push("--model", model);
    args.push(...furtherArgs);
    if (turn.session !== null) args.push("resume", turn.session);
    return [...args, "-"];
  }

  function outcomeOf(
    end: ProcessEnd,
    ending: CodexEnding | undefined,
    lastText: string,
    complaints: string,
  ): TurnOutcome {
    const said = saidFrom(redact(lastText));
    // The terminal event before all: the work was done even if the abort came right after it, or the process then hung.
    if (ending?.is === "completed") return { is: "completed", said };
    if (end.is !== "exited") return outcomeOfCutOff(end, said);
    if (ending?.is === "failed")
      return failed(codexFailureKind(ending.message) ?? "model", redact(ending.message));
    const words = redact(complaints);
    const detail = words === "" ? "" : `: ${words}`;
    return failed(
      codexFailureKind(words) ?? "protocol",
      `${exitText(end)} without an end of its turn${detail}`,
    );
  }

  function failed(kind: AgentFailureKind, words: string): TurnOutcome {
    return failedTurn("Codex", { kind, words, signIn: codexProblems.notSignedIn.tryThis }, now());
  }
}
