import type { AgentFailureKind, Instant, Millis, TurnOutcome } from "@ampx/core";
import type { AgentEvent, Turn } from "../ports.ts";
import { type ProcessEnd, runAgentProcess } from "./agent-process.ts";
import { claudeProblems } from "./claude-cli.ts";
import { claudeResultKind, claudeResultWords, claudeWordsKind } from "./claude-failure.ts";
import { type ClaudeResult, type ClaudeRetry, claudeStream } from "./claude-stream.ts";
import { type ClaudeTalk, claudeTalk } from "./claude-talk.ts";
import { claudeUsage } from "./claude-usage.ts";
import { type CountedSession, counting, startCounting } from "./cumulative-usage.ts";
import { jsonLine } from "./json-line.ts";
import { plainLine } from "./plain-line.ts";
import { type FailedTurn, failedTurn, kindOfStatus } from "./provider-failure.ts";
import { redactedEvent } from "./redact-event.ts";
import { exitText, outcomeOfCutOff, saidFrom, tailOf } from "./turn-outcome.ts";

export interface ClaudeProgram {
  command: string;
  args: readonly string[];
  /** The whole environment, but for the mark and the temporary folder. */
  env: Record<string, string>;
  /** The session's id, also of a new one. */
  session: string;
  /** Whether it takes messages while it works. Otherwise it is given the prompt and no more. */
  talks: boolean;
}

export interface ClaudeTurnOptions {
  tell: (event: AgentEvent) => void;
  redact: (text: string) => string;
  /** Where readings of usage are kept. */
  stateDir: string;
  graceMs: Millis;
  now: () => Instant;
}

/** A tool's whole output is one line. */
const maxLine = 16 * 1024 * 1024;
/** For longer than this it is not left waiting to call its model again: the task waits without it, and without its slot. */
const maxRetryWait: Millis = 60_000;

/** Runs one turn in a process of its own. An abort is first said in the conversation, so that it ends its tools and accounts for the turn. */
export async function runClaudeTurn(
  program: ClaudeProgram,
  turn: Turn,
  { tell, redact, stateDir, graceMs, now }: ClaudeTurnOptions,
  signal: AbortSignal,
): Promise<TurnOutcome> {
  if (signal.aborted) return { is: "cancelled" };
  const complaints = tailOf(1_000);
  let opened: string | undefined;
  let started: Promise<void> | undefined;
  const emit = (event: AgentEvent) => {
    if (event.type === "session") {
      if (event.id === opened) return;
      opened = event.id;
      if (turn.session === null) started = counting(emit, () => startCounting(counted(event.id)));
    }
    if (event.type === "diagnostic") complaints.add(event.text);
    tell(redactedEvent(event, redact));
  };
  const stream = claudeStream(emit, now);
  const results: ClaudeResult[] = [];
  /** Those behind which nothing more was to come. */
  const last: ClaudeResult[] = [];
  let talk: ClaudeTalk | undefined;
  let waited: ClaudeRetry | undefined;
  const stop = new AbortController();
  let lastCall: NodeJS.Timeout | undefined;
  using _noTimer = { [Symbol.dispose]: () => clearTimeout(lastCall) };
  const cut = () => {
    if (lastCall !== undefined) return;
    if (talk?.interrupt() === true) lastCall = setTimeout(() => stop.abort(), graceMs);
    else stop.abort();
  };
  signal.addEventListener("abort", cut, { once: true });

  const end = await runAgentProcess(
    {
      ...turn,
      command: program.command,
      args: program.args,
      env: { ...program.env, TMPDIR: turn.tmp },
      // A command line can be read by everyone on the machine.
      input: program.talks
        ? (stdin, watchdog) => {
            talk = claudeTalk(stdin, {
              ...turn,
              permit: (request) => turn.permit({ ...request, input: redact(request.input) }),
              onDiagnostic: (text) => emit({ type: "diagnostic", text }),
              onWaiting: watchdog.busy,
            });
          }
        : turn.prompt,
      graceMs,
      redact,
      verbatim: true,
      maxLine,
      onLine(from, { text }) {
        const line = plainLine(text);
        const message = from === "stdout" ? jsonLine(line) : undefined;
        if (message === undefined) {
          if (line.trim() !== "") emit({ type: "diagnostic", text: line });
          return undefined;
        }
        talk?.read(message);
        return take(message);
      },
    },
    stop.signal,
  );
  signal.removeEventListener("abort", cut);
  talk?.close();
  await started;
  await counting(emit, async () => {
    const usage = await claudeUsage(results, counted(opened ?? program.session));
    if (usage !== null) emit(usage);
  });
  return outcome(end);

  function take(message: unknown): "over" | undefined {
    const result = stream.read(message);
    if (result === undefined) {
      const retry = stream.retrying();
      if (retry !== undefined && retry.at > now() + maxRetryWait) {
        waited = retry;
        cut();
      }
      return undefined;
    }
    results.push(result);
    if (talk?.ends(result) === false) return undefined;
    last.push(result);
    return "over";
  }

  function counted(id: string): CountedSession {
    return { stateDir, agent: "claude", session: id };
  }

  function outcome(how: ProcessEnd): TurnOutcome {
    // The terminal event before all: the work was done even if the abort came right after it, or the process then hung.
    const success = last.findLast((result) => !result.is_error);
    const said = saidFrom(redact(success?.result ?? stream.said()));
    if (success !== undefined) return { is: "completed", said };
    if (signal.aborted) return { is: "cancelled" };
    const retry = waited ?? (how.is === "stalled" ? stream.retrying() : undefined);
    if (retry !== undefined) return waiting(retry, now());
    if (how.is !== "exited") return outcomeOfCutOff(how, said);
    const result = last.at(-1);
    if (result !== undefined) return endedBy(result, said);
    const words = redact(complaints.text());
    const detail = words === "" ? "" : `: ${words}`;
    return claudeFailed(
      claudeWordsKind(words) ?? "protocol",
      `${exitText(how)} without a result${detail}`,
      now(),
    );
  }

  function endedBy(result: ClaudeResult, said: string): TurnOutcome {
    // A limit of ampx's making, or one that the person has set for each turn.
    if (result.subtype === "error_max_budget_usd") return { is: "limit", of: "budget", said };
    if (result.subtype === "error_max_turns") return { is: "limit", of: "turns", said };
    const kind = claudeResultKind(result);
    const failed = claudeFailed(kind, redact(claudeResultWords(result)), now());
    const resetAt = kind === "rate_limit" ? stream.resetAt() : undefined;
    return resetAt === undefined ? failed : { ...failed, resetAt };
  }
}

function waiting({ status, error, at }: ClaudeRetry, now: Instant): TurnOutcome {
  const kind = status === null ? undefined : kindOfStatus(status);
  const words = `waits to call its model again: ${error}`;
  const failed = claudeFailed(kind ?? "overloaded", words, now);
  return at > now ? { ...failed, resetAt: at } : failed;
}

/** The outcome of a turn that has failed, in words that name the agent. */
export function claudeFailed(kind: AgentFailureKind, words: string, now: Instant): FailedTurn {
  const signIn = claudeProblems.notSignedIn.tryThis;
  return failedTurn("Claude Code", { kind, words, signIn }, now);
}
