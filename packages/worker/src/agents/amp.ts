import type { AgentAbilities, AgentFailureKind, TurnOutcome } from "@ampx/core";
import type { Agent, AgentEvent, AgentProbe, Turn } from "../ports.ts";
import type { AgentDeps } from "./agent-deps.ts";
import { runAgentProcess, type ProcessEnd } from "./agent-process.ts";
import { ampIsSignedIn, ampProblems, ampVariables, readAmpCli } from "./amp-cli.ts";
import { ampFailureKind } from "./amp-failure.ts";
import { writeAmpSettings } from "./amp-settings.ts";
import { ampStream, type AmpResult } from "./amp-stream.ts";
import { agentEnvironment } from "./environment.ts";
import { findCommand } from "./find-command.ts";
import type { InstalledProgram } from "./installed-program.ts";
import { plainLine } from "./plain-line.ts";
import { probeProgram } from "./probe-program.ts";
import { failedTurn } from "./provider-failure.ts";
import { redactedEvent } from "./redact-event.ts";
import { exitText, outcomeOfCutOff, saidFrom, tailOf } from "./turn-outcome.ts";

const newThreadMs = 60_000;
/** A tool's whole output is one line. */
const maxLine = 16 * 1024 * 1024;

const can: AgentAbilities = {
  resume: true,
  tokens: "live",
  cost: "never",
  permissions: false,
  steering: false,
};

/** Sourcegraph Amp by its command line, one process per turn; its threads are our sessions. */
export function ampAgent({ config, env, redact, graceMs, now = Date.now }: AgentDeps): Agent {
  const { command: name = "amp", mode, args: furtherArgs } = config.agents.amp;
  const environment = agentEnvironment(env, [...config.agent_env, ...ampVariables]);
  // By path: an answer that was no answer is asked for again.
  const known = new Map<string, InstalledProgram>();

  return { name: "amp", can, probe, runTurn };

  function probe(signal: AbortSignal): Promise<AgentProbe> {
    return probeProgram({
      name,
      env: environment,
      problems: ampProblems,
      read: (command) => readAmpCli(command, environment, signal),
      lacks: async () => ((await ampIsSignedIn(environment)) ? [] : [ampProblems.notSignedIn]),
    });
  }

  async function runTurn(
    turn: Turn,
    tell: (event: AgentEvent) => void,
    signal: AbortSignal,
  ): Promise<TurnOutcome> {
    const emit = (event: AgentEvent) => tell(redactedEvent(event, redact));
    if (!(await ampIsSignedIn(environment))) return failed("auth", "AMP_API_KEY is not set");
    const command = await find();
    if (command === null) return failed("spawn", ampProblems.notInstalled(name).what);
    const cli = known.get(command) ?? (await readAmpCli(command, environment, signal));
    if (signal.aborted) return { is: "cancelled" };
    if (cli.fault !== null) return failed("spawn", ampProblems.faulty(cli.fault).what);
    known.set(command, cli);

    const settings = await settingsFile(turn, (text) => emit({ type: "diagnostic", text }));
    if (typeof settings !== "string") return settings;
    const options = ["--settings-file", settings];
    const thread = turn.session ?? (await newThread(command, options, turn, emit, signal));
    if (typeof thread !== "string") return thread;
    emit({ type: "session", id: thread });

    const flags = ["--no-ide", "--no-archive-after-execute"].filter((flag) => cli.flags.has(flag));
    if (mode !== undefined) flags.push("--mode", mode);
    const args = [
      "threads",
      "continue",
      thread,
      "--execute",
      "--stream-json",
      "--dangerously-allow-all",
    ];
    const tellRest = (event: AgentEvent) => {
      if (event.type !== "session" || event.id !== thread) emit(event);
    };
    return promptThread(
      command,
      [...args, ...options, ...flags, ...furtherArgs],
      turn,
      tellRest,
      signal,
    );
  }

  async function newThread(
    command: string,
    options: string[],
    turn: Turn,
    emit: (event: AgentEvent) => void,
    signal: AbortSignal,
  ): Promise<string | TurnOutcome> {
    const output = tailOf();
    const limits = { wallMs: newThreadMs, stallMs: newThreadMs };
    const end = await run(
      command,
      ["threads", "new", ...options],
      { ...turn, ...limits, prompt: "" },
      signal,
      (stream, text) => {
        output.add(text);
        if (stream === "stderr") emit({ type: "diagnostic", text });
      },
    );
    if (end.is === "cancelled") return { is: "cancelled" };
    // Older ones print the bare id, newer ones the thread's address.
    const id = /T-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(output.text())?.[0];
    if (end.is === "exited" && end.code === 0 && id !== undefined) return id;
    if (end.is === "timed_out" || end.is === "stalled")
      return failed("overloaded", "it did not open a thread within a minute");
    return unexplained(end, redact(output.text()));
  }

  async function promptThread(
    command: string,
    args: string[],
    turn: Turn,
    emit: (event: AgentEvent) => void,
    signal: AbortSignal,
  ): Promise<TurnOutcome> {
    const complaints = tailOf(1_000);
    let result: AmpResult | undefined;
    let lastText = "";
    const read = ampStream((event) => {
      if (event.type === "diagnostic") complaints.add(event.text);
      if (event.type === "text") lastText = event.text;
      emit(event);
    });
    const end = await run(command, args, turn, signal, (stream, text) => {
      if (stream === "stdout") {
        // The first one counts: a program that does not end is then asked to, and says that it was cancelled.
        const ending = read(text);
        result ??= ending;
        return result === undefined ? undefined : "over";
      }
      complaints.add(text);
      emit({ type: "diagnostic", text });
      return undefined;
    });
    // The terminal event before all: the work was done even if the abort came right after it, or the process then hung.
    if (result?.is === "success") return { is: "completed", said: saidFrom(redact(result.said)) };
    if (end.is !== "exited") return outcomeOfCutOff(end, saidFrom(redact(lastText)));
    if (result?.is === "error")
      return failed(ampFailureKind(result.message) ?? "model", redact(result.message));
    return unexplained(end, redact(complaints.text()));
  }

  /** The prompt goes in by the standard input: a command line can be read by everyone on the machine. */
  async function run(
    command: string,
    args: string[],
    turn: Turn,
    signal: AbortSignal,
    onLine: (stream: "stdout" | "stderr", text: string) => "over" | void,
  ): Promise<ProcessEnd> {
    const waitsForLogin = new AbortController();
    const end = await runAgentProcess(
      {
        ...turn,
        command,
        args,
        env: { ...environment, AMP_SKIP_UPDATE_CHECK: "1", TMPDIR: turn.tmp },
        input: turn.prompt,
        ...(graceMs === undefined ? {} : { graceMs }),
        redact,
        verbatim: true,
        maxLine,
        onLine(stream, line) {
          const text = plainLine(line.text);
          // It would do so for ever.
          if (/^no api key found|^starting login flow/i.test(text)) waitsForLogin.abort();
          return onLine(stream, text);
        },
      },
      AbortSignal.any([signal, waitsForLogin.signal]),
    );
    const isOurs = end.is === "cancelled" && waitsForLogin.signal.aborted && !signal.aborted;
    return isOurs ? { is: "exited", code: null, signal: null } : end;
  }

  function find(): Promise<string | null> {
    return findCommand(name, environment["PATH"]);
  }

  async function settingsFile(
    turn: Turn,
    warn: (text: string) => void,
  ): Promise<string | TurnOutcome> {
    try {
      return await writeAmpSettings(turn.tmp, env, warn);
    } catch (error) {
      // A full disk, for one: as data, for no verb of an agent throws.
      return failed("protocol", `its settings cannot be written: ${String(error)}`);
    }
  }

  /** Ended without its terminal event. */
  function unexplained(end: ProcessEnd, words: string): TurnOutcome {
    if (end.is !== "exited") return outcomeOfCutOff(end, "");
    const message = `${exitText(end)} without a result${words === "" ? "" : `: ${words}`}`;
    return failed(ampFailureKind(words) ?? "protocol", message);
  }

  function failed(kind: AgentFailureKind, words: string): TurnOutcome {
    return failedTurn("Amp", { kind, words, signIn: ampProblems.notSignedIn.tryThis }, now());
  }
}
