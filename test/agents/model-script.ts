/** What the scripted model answers to one call. */
export type ModelAnswer =
  | ModelBlock[]
  /** An error of the model's provider, such as `{ status: 429, type: "rate_limit_error" }`. */
  | { status: number; type: string; message: string; headers?: Record<string, string> }
  /** The connection is cut in the middle of the answer. */
  | "cut"
  /** Never answers; the call ends when the caller gives up. */
  | "hang";

export type ModelBlock =
  | { type: "text"; text: string }
  /** The names and inputs of tools are the agent's own. */
  | { type: "tool_use"; name: string; input: Record<string, unknown> };

export interface ModelCall {
  /** Prompts that the conversation held before the newest one: 0 in the first turn of a session. */
  turn: number;
  /** Model calls since the newest prompt: 0 for the first. */
  step: number;
  /** The newest prompt as the model saw it. */
  prompt: string;
  model: string;
  /** The agent's id of the conversation, as far as it tells the model. */
  session: string;
  /** Where the agent says that it works; some tools for files want absolute paths. */
  folder: string;
}

/** Answers from the conversation alone, so that a killed and resumed turn meets the same model. */
export type Model = (call: ModelCall) => ModelAnswer;

/** What every scripted model server says that one call has cost, in tokens. */
export const callTokens = { input: 1_000, cacheWrite: 10, cacheRead: 500, output: 42 };

/** The answers of a fixed script: `turns[turn][step]`, the last one of each repeated. */
export function scripted(turns: (ModelAnswer | Model)[][]): Model {
  return (call) => {
    const steps = turns[Math.min(call.turn, turns.length - 1)] ?? [];
    const answer = steps[Math.min(call.step, steps.length - 1)] ?? say("Nothing to do.");
    return typeof answer === "function" ? answer(call) : answer;
  };
}

/** The model's last word. */
export function say(text: string): ModelBlock[] {
  return [{ type: "text", text }];
}

/** The model uses one of the agent's tools. */
export function use(name: string, input: Record<string, unknown>): ModelBlock[] {
  return [{ type: "tool_use", name, input }];
}
