import type { Writable } from "node:stream";
import type { AgentFailureKind, Instant, Millis, TurnOutcome } from "@ampx/core";
import type { AgentEvent, Turn } from "../ports.ts";
import { acpTalk, type AcpEnding, type AcpTalk } from "./acp-talk.ts";
import { acpUpdates } from "./acp-updates.ts";
import { acpCost, acpTokens } from "./acp-usage.ts";
import { runAgentProcess } from "./agent-process.ts";
import { counting, type CountedSession, nothingUsed, startCounting } from "./cumulative-usage.ts";
import { jsonLine } from "./json-line.ts";
import { plainLine } from "./plain-line.ts";
import { failedTurn, kindOfWords } from "./provider-failure.ts";
import { redactedEvent } from "./redact-event.ts";
import { exitText, outcomeOfCutOff, saidFrom, tailOf } from "./turn-outcome.ts";

/** A program that speaks the Agent Client Protocol, version 1, on its standard input and output. */
export interface AcpProgram {
  /** Ours; usage is remembered under it. */
  agent: string;
  command: string;
  args: readonly string[];
  /** The whole environment, but for the mark and the temporary folder. */
  env: Record<string, string>;
  mode?: string;
  /** What to do when nobody is signed in. */
  signIn: string;
}

export interface AcpTurnOptions {
  tell: (event: AgentEvent) => void;
  redact: (text: string) => string;
  /** Where readings of usage are kept. */
  stateDir: string;
  graceMs?: Millis;
  now?: () => Instant;
}

type Answered = Extract<AcpEnding, { is: "answered" }>;

const defaultGraceMs = 5_000;
/** A tool's whole output is one line. */
const maxLine = 16 * 1024 * 1024;

/** Runs one turn in a process of its own. An abort is first said in the protocol, so that the agent can end its tools and keep its session. */
export async function runAcpTurn(
  program: AcpProgram,
  turn: Turn,
  { tell, redact, stateDir, graceMs = defaultGraceMs, now = Date.now }: AcpTurnOptions,
  signal: AbortSignal,
): Promise<TurnOutcome> {
  if (signal.aborted) return { is: "cancelled" };
  const emit = (event: AgentEvent) => tell(redactedEvent(event, redact));
  const complaints = tailOf(1_000);
  const complain = (text: string) => {
    complaints.add(text);
    emit({ type: "diagnostic", text });
  };
  const updates = acpUpdates(emit);
  const stop = new AbortController();
  let lastCall: NodeJS.Timeout | undefined;
  using _noTimer = { [Symbol.dispose]: () => clearTimeout(lastCall) };
  const stopIn = (ms: Millis) => (lastCall ??= setTimeout(() => stop.abort(), ms));
  let talk: AcpTalk | undefined;
  let ending: AcpEnding | undefined;
  let answer: Answered | undefined;
  let session: CountedSession | undefined;
  /** The newest, and what was said until then. */
  let refusal: { words: string; said: string } | undefined;
  /** What was read of its usage, one after the other. */
  let counts = Promise.resolve();
  let usd: number | null = null;
  let isPaid = false;
  const cancel = () => {
    talk?.cancel();
    stopIn(graceMs);
  };
  signal.addEventListener("abort", cancel, { once: true });

  const end = await runAgentProcess(
    {
      ...turn,
      command: program.command,
      args: program.args,
      env: { ...program.env, TMPDIR: turn.tmp },
      graceMs,
      redact,
      verbatim: true,
      maxLine,
      input(stdin, watchdog) {
        talk = acpTalk(stdin, {
          ...turn,
          ...(program.mode === undefined ? {} : { mode: program.mode }),
          permit: (request) => turn.permit({ ...request, input: redact(request.input) }),
          onSession(id) {
            emit({ type: "session", id });
            const counted = (session = { stateDir, agent: program.agent, session: id });
            if (turn.session === null) counts = counting(emit, () => startCounting(counted));
          },
          onWaiting: watchdog.busy,
          onUpdate(update) {
            updates.take(update);
            countCost();
          },
          onRefused(words) {
            refusal = { words, said: updates.said() };
            complain(`permission refused: ${words}`);
          },
          onDiagnostic: complain,
        });
        void finish(talk, stdin);
      },
      onLine(from, { text }) {
        if (from === "stdout" && talk?.read(jsonLine(text)) === true) return undefined;
        return complain(plainLine(text));
      },
    },
    stop.signal,
  );
  signal.removeEventListener("abort", cancel);
  talk?.close();
  await talk?.ending;
  updates.flush();
  await counts;
  if (answer !== undefined) countTokens(answer);

  if (ending?.is === "answered") return outcomeOf(ending);
  if (signal.aborted) return { is: "cancelled" };
  if (ending?.is === "failed") return failed(ending.kind, redact(ending.message));
  if (end.is !== "exited") return outcomeOfCutOff(end, saidFrom(redact(updates.said())));
  const complained = redact(complaints.text());
  const detail = complained === "" ? "" : `: ${complained}`;
  return failed(
    kindOfWords(complained) ?? "protocol",
    `${exitText(end)} without an answer${detail}`,
  );

  async function finish(held: AcpTalk, stdin: Writable): Promise<void> {
    const how = await held.ending;
    if (how.is === "answered") answer = how;
    // What is answered to a cancelled prompt is no end of the work.
    if (!signal.aborted) ending = how;
    stdin.end();
    stopIn(2 * graceMs);
  }

  function outcomeOf({ stopReason, answer: told }: Answered) {
    if (stopReason === "refusal") return failed("model", "the model refused the prompt");
    if (stopReason === "cancelled") return failed("model", "it cancelled the turn by itself");
    // Some end their turn so when the model's provider refused the call.
    if (!updates.hasWorked() && (told["usage"] ?? null) === null)
      return failed("model", "it ended its turn without a word");
    const said = updates.said();
    // Some end their turn then, and leave it to others to say why.
    const stopped = refusal?.said === said ? `\nIt was refused: ${refusal.words}` : "";
    return { is: "completed", said: saidFrom(redact(said + stopped)) } satisfies TurnOutcome;
  }

  /** As soon as the agent tells it: of the whole session, each time. */
  function countCost(): void {
    const total = updates.usd();
    const of = session;
    if (of === undefined || total === null || total === usd) return;
    usd = total;
    counts = counts.then(() =>
      counting(emit, async () => {
        const cost = await acpCost(of, total);
        isPaid ||= cost !== null;
        if (cost !== null && cost > 0)
          emit({ type: "usage", ...nothingUsed, usd: cost, source: "summed" });
      }),
    );
  }

  function countTokens({ answer: told, agent }: Answered): void {
    // opencode tells of its last model call.
    const usage = acpTokens(told, { isPaid, isWhole: !/opencode/i.test(agent) });
    if (usage !== null) emit(usage);
  }

  function failed(kind: AgentFailureKind, words: string): TurnOutcome {
    return failedTurn(`The ${program.agent} agent`, { kind, words, signIn: program.signIn }, now());
  }
}
