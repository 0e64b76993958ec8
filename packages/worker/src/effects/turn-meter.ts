import {
  allTokens,
  costOf,
  nothingUsed,
  type Left,
  plus,
  type Price,
  type TaskEvent,
  type Used,
} from "@ampx/core";
import type { AgentEvent, TokenUsage } from "../ports.ts";

type Recorded = Extract<TaskEvent, { type: "usage_recorded" }>;

export interface MeterOptions {
  agent: string;
  /** What the agent's tokens cost when it does not tell itself. */
  price: Price | null;
  /** What the task may still use when the turn begins. */
  left: Left;
  record(event: Omit<Recorded, "at">): Promise<void>;
  /** What all tasks together may still use today. Asked after each record. */
  leftToday(): Promise<Left>;
  /** A cap is reached: of the task, or of the day. Called once for each. */
  onCap(cap: "usd" | "tokens" | "day"): void;
}

/** Whether a turn has used up what all tasks together might, before its own task's caps. */
export function endsDay(used: Used, { left, day }: { left: Left; day: Left }): boolean {
  const isFirst = (use: number, ofDay: number | null, ofTask: number | null) =>
    ofDay !== null && use >= ofDay && (ofTask === null || ofDay < ofTask);
  return isFirst(used.usd, day.usd, left.usd) || isFirst(allTokens(used), day.tokens, left.tokens);
}

export interface Meter {
  take(event: Extract<AgentEvent, { type: "usage" | "usage_so_far" }>): void;
  /** Looks whether others have used up what all together may use today; at most once at a time. */
  look(): void;
  /** Resolves when all that was taken is recorded. Throws what a record threw. */
  settle(): Promise<void>;
  /** By this turn so far. */
  used(): Used;
  /** Whether the agent has told anything at all. */
  hasTold(): boolean;
}

/** Adds up what a turn uses, records it as it comes, and tells at once when a cap is reached. */
export function turnMeter({ agent, price, left, record, leftToday, onCap }: MeterOptions): Meter {
  let used = nothingUsed;
  let hasTold = false;
  /** What is told for now, and will be told again for good. */
  let soFar = 0;
  const waiting: Omit<Recorded, "at">[] = [];
  let writing = Promise.resolve();
  let isLooking = false;
  const told = new Set<string>();

  return {
    take(event) {
      if (event.type === "usage_so_far") soFar = event.tokens;
      else add(event);
      const tokens = allTokens(used) + soFar;
      if (left.usd !== null && used.usd >= left.usd) tell("usd");
      if (left.tokens !== null && tokens >= left.tokens) tell("tokens");
    },
    look() {
      if (isLooking) return;
      isLooking = true;
      // A look that fails is one of many: the next write of anybody brings another.
      void lookAtDay()
        .catch(() => undefined)
        .finally(() => (isLooking = false));
    },
    settle: () => writing,
    used: () => used,
    hasTold: () => hasTold,
  };

  function add(usage: TokenUsage): void {
    soFar = 0;
    hasTold = true;
    const tokens = {
      inputTokens: Math.round(usage.inputTokens),
      outputTokens: Math.round(usage.outputTokens),
      cacheReadTokens: Math.round(usage.cacheReadTokens),
      cacheWriteTokens: Math.round(usage.cacheWriteTokens),
    };
    const isPriced = usage.usd === null && price !== null;
    const usd = usage.usd ?? (price === null ? null : costOf(tokens, price));
    used = plus(used, { tokens, usd });
    queue({
      type: "usage_recorded",
      agent,
      tokens,
      usd,
      source: isPriced ? "priced" : usage.source,
    });
  }

  /** What comes while a record is being written is written in one piece: a turn of a thousand model calls needs no thousand rows. */
  function queue(event: Omit<Recorded, "at">): void {
    const last = waiting.at(-1);
    if (last?.source === event.source && (last.usd === null) === (event.usd === null)) {
      const {
        usd,
        usdKnown: _all,
        tokensKnown: _each,
        ...tokens
      } = plus(plus(nothingUsed, last), event);
      waiting[waiting.length - 1] = { ...event, tokens, usd: event.usd === null ? null : usd };
      return;
    }
    waiting.push(event);
    if (waiting.length === 1) writing = writing.then(write);
    // Thrown where it is settled.
    writing.catch(() => undefined);
  }

  async function write(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await record(next);
    await lookAtDay();
  }

  async function lookAtDay(): Promise<void> {
    const { usd, tokens } = await leftToday();
    if ((usd !== null && usd <= 0) || (tokens !== null && tokens <= 0)) tell("day");
  }

  function tell(cap: "usd" | "tokens" | "day"): void {
    if (told.has(cap)) return;
    told.add(cap);
    onCap(cap);
  }
}
