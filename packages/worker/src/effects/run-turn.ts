import {
  isOutage,
  judgePermission,
  retryAt,
  slotWait,
  turnPrompt,
  type Action,
  type Instant,
  type Millis,
  type TaskState,
  type TurnOutcome,
} from "@ampx/core";
import type { Pause } from "../loop/perform.ts";
import { Interruption, type TaskContext } from "../loop/task-context.ts";
import type { AgentEvent } from "../ports.ts";
import { readIssue } from "./read-issue.ts";
import { endsDay, turnMeter } from "./turn-meter.ts";
import { turnPermits } from "./turn-permits.ts";
import { arePlain, turnWords } from "./turn-words.ts";

/** What is kept of a tool's input that a person is asked about. */
const maxInput = 2_000;

type RunTurn = Extract<Action, { do: "run_turn" }>;

/** Why a turn is ended from here. */
type Cut = "usd" | "tokens" | "day" | "words" | "attach";

/**
 * One turn of the agent in the task's worktree: from its intent to its outcome, with what is learned on the way recorded at once. None while
 * work is paused.
 */
export async function runTurn(context: TaskContext, action: RunTurn): Promise<Pause | undefined> {
  const { agent, project } = context.ports;
  const path = context.preparedWorktree ?? (await findWorktree(context));
  // Asked again: since the task was claimed, its repository may have been fetched for minutes.
  if (await context.isPaused()) return { until: context.clock.now(), reason: slotWait };
  await using tmp = await context.turnFolder();

  const resumed = agent.can.resume && context.state.session !== null;
  await context.record({ type: "turn_started", at: context.clock.now(), resumed });
  const startedAt = context.clock.awake();

  const { state } = context;
  if (state.phase.name !== "coding") throw new Error(`a turn in "${state.phase.name}"`);
  const attempt = state.spent.attempts + 1;
  const cutter = new AbortController();
  let cutBy: Cut | null = null;
  const cut = (by: Cut) => {
    cutBy ??= by;
    cutter.abort();
  };
  const meter = turnMeter({
    agent: agent.name,
    price: project.prices[agent.name] ?? null,
    left: action.left,
    record: (usage) => context.record({ ...usage, at: context.clock.now() }),
    leftToday: context.leftToday,
    onCap: cut,
  });
  const words = turnWords(() =>
    context.record({ type: "words_passed", at: context.clock.now(), count: 1 }),
  );
  const permits = turnPermits({
    judge: (request) =>
      judgePermission(request, {
        policy: project.permissions,
        worktree: path,
        writable: [tmp.path],
      }),
    ask: (ask, { tool, input: all }, why) => {
      const input = all.slice(0, maxInput);
      const at = context.clock.now();
      return context.record({ type: "permission_asked", at, ask, tool, input, why });
    },
    // An agent that waits is silent, and must not be taken for one that has stalled.
    patienceMs: Math.floor(context.policy.stallMs / 2),
  });
  const hear = (newest: TaskState) => {
    const { attach, words: said } = newest.requests;
    if (attach !== null) return cut("attach");
    // What others use is taken from the same day.
    if (action.day.usd !== null || action.day.tokens !== null) meter.look();
    permits.news(newest);
    if (!said.some(({ interrupt }) => interrupt)) return undefined;
    return agent.can.steering && arePlain(said) ? words.offer(said) : cut("words");
  };
  using _news = context.onNews(hear);
  // What came in before anybody listened.
  hear(context.state);

  let session: string | null = null;
  let opened: Promise<void> | undefined;
  const outcome = await agent.runTurn(
    {
      taskId: state.task.id,
      prompt: turnPrompt(state, state.phase, { resumed, preamble: project.preamble }),
      session: resumed ? state.session : null,
      cwd: path,
      tmp: tmp.path,
      mark: context.processes.mark,
      rawFile: context.logFile(`turn-${state.spent.turns}.log`),
      wallMs: action.wallMs,
      stallMs: context.policy.stallMs,
      left: {
        usd: lower(action.left.usd, action.day.usd),
        tokens: lower(action.left.tokens, action.day.tokens),
      },
      permit: async (request) => {
        const answer = await permits.permit(request);
        if (answer.is === "denied")
          context.log.add("agent", attempt, `⊘ ${request.tool}: ${answer.why}`);
        return answer;
      },
      words,
    },
    (event) => {
      if (event.type === "usage" || event.type === "usage_so_far") meter.take(event);
      else if (event.type !== "session") context.log.add("agent", attempt, logText(event));
      else if (session === null) {
        session = event.id;
        // At once, so that a crash does not lose the session. What fails here is done again below.
        opened = openSession(context, session).catch(() => undefined);
      }
    },
    AbortSignal.any([context.signal, cutter.signal]),
  );
  words.close();
  permits.close();
  await opened;
  if (session !== null) await openSession(context, session);
  await meter.settle();
  if (!meter.hasTold() && hasWorked(outcome)) await recordUnknownUsage(context, agent.name);
  await recordOutcome(context, outcome, {
    ms: Math.max(0, Math.round(context.clock.awake() - startedAt)),
    cut: cutBy,
    isDayOver: endsDay(meter.used(), action),
  });
  return undefined;
}

/** It may have been swept since, or belong to another host. */
async function findWorktree(context: TaskContext): Promise<string> {
  await readIssue(context);
  const { path, notes } = await context.ports.workspace.prepare(context.signal);
  for (const note of notes) context.log.add("worker", context.state.spent.attempts + 1, note);
  return path;
}

async function openSession(context: TaskContext, session: string): Promise<void> {
  if (context.state.session === session) return;
  await context.record({ type: "session_opened", at: context.clock.now(), session });
}

/** Whether a turn has made its attempt: then it has used something, whether it tells or not. */
function hasWorked({ is }: TurnOutcome): boolean {
  return is !== "cancelled" && is !== "failed";
}

async function recordUnknownUsage(context: TaskContext, agent: string): Promise<void> {
  const at = context.clock.now();
  await context.record({
    type: "usage_recorded",
    at,
    agent,
    tokens: null,
    usd: null,
    source: "unknown",
  });
}

interface TurnEnd {
  /** Agent time. */
  ms: Millis;
  cut: Cut | null;
  /** What an agent that has ended by itself has used up is what all tasks together may use today. */
  isDayOver: boolean;
}

async function recordOutcome(
  context: TaskContext,
  outcome: TurnOutcome,
  { ms, cut, isDayOver }: TurnEnd,
): Promise<void> {
  const at = context.clock.now();
  const ended = (
    is: "completed" | "stalled" | "timed_out" | "limit",
    said: string,
    cap?: "usd" | "tokens",
  ) =>
    context.record({
      type: "turn_ended",
      at,
      ms,
      outcome: is,
      said,
      ...(cap !== undefined && { cap }),
    });
  const interrupted = (cause: InterruptionCause) =>
    context.record({ type: "turn_interrupted", at, ms, cause });

  switch (outcome.is) {
    case "completed":
    case "stalled":
    case "timed_out":
      return ended(outcome.is, outcome.said);
    case "limit":
      // Whether the task's own cap is reached is told by its sums: the limit may be one that a person gave the agent.
      return outcome.of === "budget" && isDayOver
        ? interrupted("day_cap")
        : ended("limit", outcome.said);
    case "cancelled":
      if (context.signal.aborted || cut === null) return interrupted(interruptedBy(context.signal));
      if (cut === "usd" || cut === "tokens") return ended("limit", "", cut);
      return interrupted(cut === "day" ? "day_cap" : cut);
    case "failed": {
      const { kind, message, resetAt } = outcome;
      return context.record({
        type: "turn_failed",
        at,
        ms,
        kind,
        message,
        retryAt: nextTry(context, at, kind, resetAt ?? null),
      });
    }
  }
}

type InterruptionCause = "crash" | "shutdown" | "abort" | "words" | "attach" | "day_cap";

/** When a refusal is worth another try: when its limit ends, if that is told; a little later, since clocks differ. */
function nextTry(
  { state }: TaskContext,
  at: Instant,
  kind: string,
  resetAt: Instant | null,
): Instant {
  const { phase } = state;
  const count = phase.name === "coding" ? (phase.outages?.count ?? 0) + 1 : 1;
  const again = retryAt(at, count);
  return isOutage(kind) && resetAt !== null && resetAt > at
    ? Math.max(again, resetAt + clockSkewMs)
    : again;
}

const clockSkewMs = 5_000;

function lower(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

function interruptedBy(signal: AbortSignal): "abort" | "shutdown" {
  return signal.reason instanceof Interruption && signal.reason.by === "abort"
    ? "abort"
    : "shutdown";
}

function logText(
  event: Exclude<AgentEvent, { type: "session" | "usage" | "usage_so_far" }>,
): string {
  switch (event.type) {
    case "text":
    case "diagnostic":
      return event.text;
    case "thinking":
      return `… ${event.text}`;
    case "tool":
      return `▸ ${event.name} ${event.input}`;
    case "tool_ended":
      return `${event.ok ? "✓" : "✗"} ${event.name}`;
    case "retry":
      return `↻ ${event.message}`;
  }
}
