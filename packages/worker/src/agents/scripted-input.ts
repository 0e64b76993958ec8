import { createInterface } from "node:readline";
import type { PermissionAnswer } from "@ampx/core";
import { z } from "zod";

/** What the process of the scripted agent is told on its standard input, line by line. */
export interface ScriptedInput extends Disposable {
  /** The first line. */
  prompt: Promise<string>;
  /** To what was asked last. */
  answer(): Promise<PermissionAnswer>;
}

const Message = z.union([
  z.object({ prompt: z.string() }),
  z.object({ words: z.string() }),
  z.object({
    answer: z.union([
      z.object({ is: z.literal("allowed") }),
      z.object({ is: z.literal("denied"), why: z.string() }),
    ]),
  }),
]);

/** `onWords` is given what people say meanwhile. */
export function openInput(onWords: (words: string) => void): ScriptedInput {
  const prompt = Promise.withResolvers<string>();
  let answer = Promise.withResolvers<PermissionAnswer>();
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const message = Message.parse(JSON.parse(line));
    if ("prompt" in message) prompt.resolve(message.prompt);
    else if ("words" in message) onWords(message.words);
    else answer.resolve(message.answer);
  });
  return {
    prompt: prompt.promise,
    async answer() {
      const given = await answer.promise;
      answer = Promise.withResolvers();
      return given;
    },
    // An open input would keep the process alive.
    [Symbol.dispose]() {
      lines.close();
      process.stdin.destroy();
    },
  };
}
