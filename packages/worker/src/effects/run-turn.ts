import { retryAt, turnPrompt, type Millis, type TurnOutcome } from "@ampx/core";
import { Interruption, type TaskContext } from "../loop/task-context.ts";
import type { AgentEvent, TokenUsage } from "../ports.ts";

/** One turn of the agent in the task's worktree: from its intent to its outcome, with what is learned on the way recorded at once. */
export async function runTurn(context: TaskContext, wallMs: Millis): Promise<void> {
  const { agent, workspace, project } = context.ports;
  // The worktree may have been swept since, or belong to another host.
  const { path } = await workspace.prepare(context.signal);
  await using tmp = await context.turnFolder();

  const resumed = agent.can.resume && context.state.session !== null;
  await context.record({ type: "turn_started", at: context.clock.now(), resumed });
  const startedAt = context.clock.awake();

  const { state } = context;
  if (state.phase.name !== "coding") throw new Error(`a turn in "${state.phase.name}"`);
  const attempt = state.spent.attempts + 1;
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
      wallMs,
      stallMs: context.policy.stallMs,
      left: { usd: null, tokens: null },
      permit: async () => ({ is: "allowed" }),
      words: silence,
    },
    (event) => {
      if (event.type === "usage_so_far") return;
      if (event.type !== "session") context.log.add("agent", attempt, logText(event));
      else if (session === null) {
        session = event.id;
        // At once, so that a crash does not lose the session. What fails here is done again below.
        opened = openSession(context, session).catch(() => undefined);
      }
    },
    context.signal,
  );
  await opened;
  if (session !== null) await openSession(context, session);
  await recordOutcome(context, outcome, Math.max(0, Math.round(context.clock.awake() - startedAt)));
}

/** Nobody says anything. */
const silence: AsyncIterable<string> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
};

async function openSession(context: TaskContext, session: string): Promise<void> {
  if (context.state.session === session) return;
  await context.record({ type: "session_opened", at: context.clock.now(), session });
}

async function recordOutcome(
  context: TaskContext,
  outcome: TurnOutcome,
  ms: Millis,
): Promise<void> {
  const at = context.clock.now();
  switch (outcome.is) {
    case "completed":
    case "stalled":
    case "timed_out":
      return context.record({
        type: "turn_ended",
        at,
        ms,
        outcome: outcome.is,
        said: outcome.said,
      });
    case "limit":
      return context.record({
        type: "turn_ended",
        at,
        ms,
        outcome: "timed_out",
        said: outcome.said,
      });
    case "cancelled":
      return context.record({
        type: "turn_interrupted",
        at,
        ms,
        cause: interruptedBy(context.signal),
      });
    case "failed": {
      const { phase } = context.state;
      const count = phase.name === "coding" ? (phase.outages?.count ?? 0) + 1 : 1;
      const { kind, message } = outcome;
      return context.record({
        type: "turn_failed",
        at,
        ms,
        kind,
        message,
        retryAt: retryAt(at, count),
      });
    }
  }
}

function interruptedBy(signal: AbortSignal): "abort" | "shutdown" {
  return signal.reason instanceof Interruption && signal.reason.by === "abort"
    ? "abort"
    : "shutdown";
}

function logText(event: Exclude<AgentEvent, { type: "session" | "usage_so_far" }>): string {
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
    case "usage":
      return usageText(event);
  }
}

function usageText(usage: TokenUsage): string {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, usd } = usage;
  const cost = usd === null ? "" : `, $${usd.toFixed(4)}`;
  const input = inputTokens + cacheReadTokens + cacheWriteTokens;
  return `∑ ${input} tokens in (${cacheReadTokens} from the cache), ${outputTokens} out${cost}`;
}
