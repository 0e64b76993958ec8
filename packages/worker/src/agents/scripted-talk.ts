import type { Writable } from "node:stream";
import type { PermissionAnswer, PermissionRequest } from "@ampx/core";
import type { Turn } from "../ports.ts";
import type { Watchdog } from "./watchdog.ts";

/** A turn's conversation with the process of a scripted agent, by lines of JSON on its standard input. */
export interface ScriptedTalk {
  /** It asks whether it may use a tool, and waits for the answer. */
  asked(request: PermissionRequest): void;
  /** It has taken the newest words. */
  heard(): void;
  /** No more will come. */
  close(): void;
}

/** Says the prompt, passes on what people say, and answers when it is asked for permission. */
export function scriptedTalk(
  stdin: Writable,
  { prompt, permit, words }: Pick<Turn, "prompt" | "permit" | "words">,
  { busy }: Pick<Watchdog, "busy">,
): ScriptedTalk {
  const over = Promise.withResolvers<undefined>();
  let heard = Promise.withResolvers<true>();
  send({ prompt });
  void passOn();

  return {
    asked: (request) => void answer(request),
    heard: () => heard.resolve(true),
    close() {
      over.resolve(undefined);
      stdin.end();
    },
  };

  /** One after the other: to ask for the next says that those before were passed on. */
  async function passOn(): Promise<void> {
    const source = words[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([source.next(), over.promise]);
      if (next === undefined || next.done === true) return;
      heard = Promise.withResolvers();
      send({ words: next.value });
      if ((await Promise.race([heard.promise, over.promise])) === undefined) return;
    }
  }

  async function answer(request: PermissionRequest): Promise<void> {
    // While a person is waited for, its silence is not its own.
    busy(true);
    // When the turn is over, nobody is there to be answered.
    const given = await permit(request).catch((): PermissionAnswer => ({ is: "denied", why: "" }));
    busy(false);
    send({ answer: given });
  }

  function send(message: object): void {
    if (stdin.writable) stdin.write(`${JSON.stringify(message)}\n`);
  }
}
