import type { ModelCall } from "./model-script.ts";

/** What counts in a conversation: a prompt of a person's, or an answer of the model, which may be several messages long. */
export type Utterance = { prompt: string } | "answer";

/** Where a conversation stands. */
export function standOf(utterances: Utterance[]): Pick<ModelCall, "turn" | "step" | "prompt"> {
  let turn = -1;
  let step = 0;
  let prompt = "";
  for (const utterance of utterances) {
    if (utterance === "answer") {
      step++;
      continue;
    }
    turn++;
    step = 0;
    prompt = utterance.prompt;
  }
  return { turn: Math.max(0, turn), step, prompt };
}
