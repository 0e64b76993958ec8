import type { AgentAbilities, AgentFailureKind, TurnOutcome } from "@ampx/core";
import type { Agent, AgentEvent, AgentProbe, Turn } from "../ports.ts";
import type { AgentDeps } from "./agent-deps.ts";
import { runAgentProcess } from "./agent-process.ts";
import { agentEnvironment } from "./environment.ts";
import { findCommand } from "./find-command.ts";
import { readVersion } from "./installed-program.ts";
import { askFlags, hasProvider, opencodeProblems, opencodeVariables } from "./opencode-cli.ts";
import { readOpencodeLog } from "./opencode-log.ts";
import { opencodeStream } from "./opencode-stream.ts";
import { plainLine } from "./plain-line.ts";
import { probeProgram } from "./probe-program.ts";
import { failedTurn, kindOfWords } from "./provider-failure.ts";
import { redactedEvent } from "./redact-event.ts";
import { exitText, outcomeOfCutOff, saidFrom, tailOf } from "./turn-outcome.ts";

/** A tool's whole output is one line. */
const maxLine = 16 * 1024 * 1024;
/** It tries a refused model call again when the provider says so, hours later too, else after 2, 4, 8, … seconds, some errors for ever. The third refusal in a row is told instead. */
const maxFailedCalls = 3;

const can: AgentAbilities = {
  resume: true,
  tokens: "live",
  cost: "live",
  permissions: false,
  steering: false,
};

/** opencode by its command line, one process per turn; its sessions are ours. */
export function opencodeAgent(
  { config, env, redact, graceMs, now = Date.now }: AgentDeps,
  { longestPauseMs = 15_000 } = {},
): Agent {
  const { command: name = "opencode", model, args: furtherArgs } = config.agents.opencode;
  const environment = agentEnvironment(env, [...config.agent_env, ...opencodeVariables]);
  // By path: an answer that was no answer is asked for again.
  const known = new Map<string, ReadonlySet<string>>();

  return { name: "opencode", can, probe, runTurn };

  function probe(signal: AbortSignal): Promise<AgentProbe> {
    return probeProgram({
      name,
      env: environment,
      problems: opencodeProblems,
      read: (command) => readVersion("opencode", command, environment, signal),
      lacks: async () =>
        model !== undefined || (await hasProvider(environment))
          ? []
          : [opencodeProblems.noProvider],
    });
  }

  async function runTurn(
    turn: Turn,
    tell: (event: AgentEvent) => void,
    signal: AbortSignal,
  ): Promise<TurnOutcome> {
    const emit = (event: AgentEvent) => tell(redactedEvent(event, redact));
    const command = await findCommand(name, environment["PATH"]);
    if (command === null) return failed("spawn", opencodeProblems.notInstalled(name).what);
    const flags = known.get(command);
    if (flags !== undefined) return prompt(command, argumentsOf(turn, flags), turn, emit, signal);
    const asked = await askFlags(command, environment, signal);
    if (signal.aborted) return { is: "cancelled" };
    if (asked.fault !== null) return failed("spawn", opencodeProblems.faulty(asked.fault).what);
    known.set(command, asked.flags);
    return prompt(command, argumentsOf(turn, asked.flags), turn, emit, signal);
  }

  /** Its log tells of refused model calls, of which its stream says nothing, and is its only sign of life while a subagent works. */
  function argumentsOf(turn: Turn, flags: ReadonlySet<string>): string[] {
    const args = ["run", "--format", "json", "--print-logs", "--log-level", "INFO"];
    for (const flag of ["--auto", "--thinking"]) if (flags.has(flag)) args.push(flag);
    if (turn.session !== null) args.push("--session", turn.session);
    if (model !== undefined) args.push("--model", model);
    return [...args, ...furtherArgs];
  }

  async function prompt(
    command: string,
    args: string[],
    turn: Turn,
    emit: (event: AgentEvent) => void,
    signal: AbortSignal,
  ): Promise<TurnOutcome> {
    const complaints = tailOf(1_000);
    const complain = (text: string) => {
      complaints.add(text);
      emit({ type: "diagnostic", text });
    };
    const giveUp = new AbortController();
    let hopeless: TurnOutcome | undefined;
    let failedCalls = 0;
    let pause: NodeJS.Timeout | undefined;
    using _noPause = { [Symbol.dispose]: () => clearTimeout(pause) };
    const giveUpCalling = (words: string) => {
      hopeless ??= failed(kindOfWords(words) ?? "overloaded", redact(words));
      giveUp.abort();
    };
    let session: string | undefined;
    const tellSession = (id: string) => {
      if (session === undefined) emit({ type: "session", id: (session = id) });
    };
    if (turn.session !== null) tellSession(turn.session);
    const stream = opencodeStream((event) => {
      if (event.type === "session") return tellSession(event.id);
      if (event.type === "diagnostic") complaints.add(event.text);
      else {
        failedCalls = 0;
        clearTimeout(pause);
      }
      emit(event);
    });
    const takeLog = (line: string) => {
      const log = readOpencodeLog(line);
      if (log === undefined) complain(line);
      else if (log.is === "session") tellSession(log.id);
      else if (log.is === "error") complain(log.message);
      else if (log.is === "call") clearTimeout(pause);
      else if (log.is === "failed_call") {
        const { message } = log;
        emit({ type: "retry", message: `a model call failed: ${message}` });
        clearTimeout(pause);
        if (++failedCalls >= maxFailedCalls) return giveUpCalling(message);
        pause = setTimeout(() => giveUpCalling(message), longestPauseMs);
      }
    };
    const end = await runAgentProcess(
      {
        ...turn,
        command,
        args,
        env: {
          ...environment,
          TMPDIR: turn.tmp,
          OPENCODE_DISABLE_AUTOUPDATE: "1",
          OPENCODE_DISABLE_TERMINAL_TITLE: "1",
        },
        // A command line can be read by everyone on the machine.
        input: turn.prompt,
        ...(graceMs === undefined ? {} : { graceMs }),
        redact,
        verbatim: true,
        maxLine,
        onLine(from, { text }) {
          const line = plainLine(text);
          if (from === "stderr") return takeLog(line);
          if (stream.read(line) !== "hopeless") return undefined;
          hopeless ??= failed(
            "context",
            "the conversation does not fit the model, not even as a summary",
          );
          return giveUp.abort();
        },
      },
      AbortSignal.any([signal, giveUp.signal]),
    );
    const ending = stream.ending();
    // Also of a program that did not end after its last word. One that is asked to end may still say one: that is no end of the work.
    if (ending?.is === "finished" && (end.is === "exited" || end.is === "stalled"))
      return { is: "completed", said: saidFrom(redact(ending.said)) };
    if (signal.aborted && end.is === "cancelled") return { is: "cancelled" };
    if (hopeless !== undefined) return hopeless;
    if (end.is !== "exited") return outcomeOfCutOff(end, saidFrom(redact(stream.said())));
    const words = redact(complaints.text());
    if (ending?.is === "failed") {
      // What it does not explain stands in its log.
      const cause = ending.kind === "model" && words !== "" ? `: ${words}` : "";
      return failed(ending.kind, `${redact(ending.message)}${cause}`);
    }
    // Removed by a person, or made on another host: the next turn begins a new one.
    if (/session not found/i.test(words) && turn.session !== null)
      return failed("context", `the session ${turn.session} does not exist any more`);
    const detail = words === "" ? "" : `: ${words}`;
    return failed(
      kindOfWords(words) ?? "protocol",
      `${exitText(end)} without a last word${detail}`,
    );
  }

  function failed(kind: AgentFailureKind, words: string): TurnOutcome {
    const signIn = opencodeProblems.noProvider.tryThis;
    return failedTurn("opencode", { kind, words, signIn }, now());
  }
}
