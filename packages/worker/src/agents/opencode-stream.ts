import type { AgentFailureKind } from "@ampx/core";
import { z } from "zod";
import type { AgentEvent } from "../ports.ts";
import { jsonLine } from "./json-line.ts";
import { kindOfStatus, kindOfWords } from "./provider-failure.ts";

/** The parts of `opencode run --format json` that we use. Unknown events and fields are left to the raw file. */
const Line = z.object({
  type: z.string(),
  sessionID: z.string(),
  part: z.unknown().optional(),
  error: z.unknown().optional(),
});

const Text = z.object({ text: z.string(), synthetic: z.boolean().optional() });
const Tool = z.object({
  tool: z.string(),
  state: z.object({ status: z.string(), input: z.unknown().optional() }),
});
const tokens = z.number().nonnegative().catch(0);
const StepFinish = z.object({
  reason: z.string(),
  tokens: z
    .object({
      input: tokens,
      output: tokens,
      reasoning: tokens,
      cache: z.object({ read: tokens, write: tokens }),
    })
    .optional(),
  cost: tokens,
});
const Failure = z.object({
  name: z.string(),
  data: z.object({ message: z.string().optional(), statusCode: z.number().optional() }).default({}),
});

/** How the turn would have ended, had the stream ended here. */
export type OpencodeEnding =
  | { is: "finished"; said: string }
  | { is: "failed"; kind: AgentFailureKind; message: string };

export interface OpencodeStream {
  /** Returns `"hopeless"` when opencode would go on for ever without getting anywhere. */
  read(line: string): "hopeless" | undefined;
  /** Undefined: in the middle of the work. */
  ending(): OpencodeEnding | undefined;
  /** The newest words of the agent. */
  said(): string;
}

const maxInput = 2_000;
/** It answers a full context by a summary and goes on. If the next call is refused too, without any work between, so will be all others. */
const maxOverflows = 3;

/** Reads one turn's stream line by line; every line of it names the session. There is no terminal event: what came last counts when the program ends. */
export function opencodeStream(emit: (event: AgentEvent) => void): OpencodeStream {
  let ending: OpencodeEnding | undefined;
  let said = "";
  let overflows = 0;

  return { read, ending: () => ending, said: () => said };

  function read(line: string): "hopeless" | undefined {
    const event = Line.safeParse(jsonLine(line)).data;
    if (event === undefined) {
      emit({ type: "diagnostic", text: line });
      return undefined;
    }
    emit({ type: "session", id: event.sessionID });
    const { type, part, error } = event;
    if (type === "error") return fail(error);
    ending = undefined;
    if (type === "text") takeText(part, "text");
    else if (type === "reasoning") takeText(part, "thinking");
    else if (type === "tool_use") takeTool(part);
    else if (type === "step_finish") finishStep(part);
    return undefined;
  }

  function takeText(part: unknown, type: "text" | "thinking"): void {
    const words = Text.safeParse(part).data;
    // What opencode itself says to the model is nobody's word.
    if (words === undefined || words.synthetic === true) return;
    if (type === "text") said = words.text;
    emit({ type, text: words.text });
  }

  /** A tool is told of when it has ended. */
  function takeTool(part: unknown): void {
    const use = Tool.safeParse(part).data;
    if (use === undefined) return;
    overflows = 0;
    const { tool: name, state } = use;
    emit({ type: "tool", name, input: (JSON.stringify(state.input) ?? "").slice(0, maxInput) });
    emit({ type: "tool_ended", name, ok: state.status === "completed" });
  }

  function finishStep(part: unknown): void {
    const step = StepFinish.safeParse(part).data;
    if (step === undefined) return;
    if (step.tokens !== undefined)
      emit({
        type: "usage",
        inputTokens: step.tokens.input,
        outputTokens: step.tokens.output + step.tokens.reasoning,
        cacheReadTokens: step.tokens.cache.read,
        cacheWriteTokens: step.tokens.cache.write,
        // Of a model without a price it says 0.
        usd: step.cost > 0 ? step.cost : null,
        source: "summed",
      });
    if (step.reason === "tool-calls") return;
    ending =
      step.reason === "error" || step.reason === "content-filter"
        ? { is: "failed", kind: "model", message: `the model's answer ended by "${step.reason}"` }
        : { is: "finished", said };
  }

  function fail(error: unknown): "hopeless" | undefined {
    const failure = Failure.safeParse(error).data;
    const name = failure?.name ?? "an unknown error";
    const { message = "", statusCode } = failure?.data ?? {};
    const status = statusCode === undefined ? "" : `${statusCode} `;
    ending = {
      is: "failed",
      kind: kindOf(name, statusCode, message),
      message: `${name}: ${status}${message}`,
    };
    return name === "ContextOverflowError" && ++overflows >= maxOverflows ? "hopeless" : undefined;
  }
}

function kindOf(name: string, status: number | undefined, message: string): AgentFailureKind {
  if (name === "ContextOverflowError") return "context";
  if (name === "ProviderAuthError") return "auth";
  return (
    (status === undefined ? undefined : kindOfStatus(status)) ?? kindOfWords(message) ?? "model"
  );
}
