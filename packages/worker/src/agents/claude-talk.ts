import { randomUUID } from "node:crypto";
import type { Writable } from "node:stream";
import { z } from "zod";
import type { Turn } from "../ports.ts";
import { ClaudeAsk, claudeAnswer, claudePermission } from "./claude-permission.ts";
import type { ClaudeResult } from "./claude-stream.ts";

export interface ClaudeTalkOptions extends Pick<Turn, "prompt" | "permit" | "words"> {
  onDiagnostic(text: string): void;
  /** While somebody else is waited for, its silence is not its own. */
  onWaiting(isWaiting: boolean): void;
}

/** A turn's conversation with Claude Code by its input of JSON messages. */
export interface ClaudeTalk {
  /** Takes a message; what is not of the conversation is let pass. */
  read(message: unknown): void;
  /** Whether this result ends the turn: nothing that was said is unanswered, and no agent of its own is still at work. */
  ends(result: ClaudeResult): boolean;
  /** Asks it to stop at once and to account for the turn. False: there is nothing to stop. */
  interrupt(): boolean;
  /** No more will come. */
  close(): void;
}

/** Such as a question of a tool server's: nobody is there to answer it. */
const OtherRequest = z.object({ type: z.literal("control_request"), request_id: z.string() });

const Heard = z.union([
  ClaudeAsk,
  OtherRequest,
  z.object({ type: z.literal("control_cancel_request"), request_id: z.string() }),
  z.object({
    type: z.literal("system"),
    subtype: z.literal("init"),
    capabilities: z.array(z.string()).default([]),
  }),
  z.object({
    type: z.literal("system"),
    subtype: z.literal("background_tasks_changed"),
    tasks: z.array(z.object({ task_type: z.string() })),
  }),
  z.object({
    type: z.literal("command_lifecycle"),
    command_uuid: z.string(),
    state: z.string(),
  }),
]);

/** It says what becomes of each message. Where it does not, nothing is said to it: whether it was heard would not be known. */
const tellsOfMessages = "msg_lifecycle_v1";

/** Says the prompt; answers when asked for permission; passes on what people say. Closes the input at the end, for Claude Code ends then. */
export function claudeTalk(stdin: Writable, options: ClaudeTalkOptions): ClaudeTalk {
  const { permit, words, onDiagnostic, onWaiting } = options;
  const over = Promise.withResolvers<undefined>();
  const withdrawn = new Set<string>();
  /** What was said and not taken up yet, by its id, with whom to tell when it is. What was taken up, the next result answers. */
  const unheard = new Map<string, () => void>();
  let begun = false;
  let listens = false;
  let isOver = false;
  /** What it runs beside its conversation. */
  let background: string[] = [];
  say(options.prompt);

  return {
    read(value) {
      const message = Heard.safeParse(value).data;
      if (message === undefined) return;
      switch (message.type) {
        case "control_request":
          return "request" in message ? void answer(message) : refuse(message.request_id);
        case "control_cancel_request":
          return void withdrawn.add(message.request_id);
        case "command_lifecycle":
          return follow(message.command_uuid, message.state);
        case "system":
          if (message.subtype === "background_tasks_changed")
            background = message.tasks.map((task) => task.task_type);
          else begin(message.capabilities);
      }
    },
    ends(result) {
      const goesOn = unheard.size > 0 || background.includes("local_agent");
      if (!isOver && !result.is_error && goesOn) return false;
      finish();
      // A command in the background may yet have something to tell, which it then works on. It is not waited for long.
      if (result.is_error || !background.includes("local_bash")) stdin.end();
      return true;
    },
    interrupt() {
      if (!begun || isOver) return false;
      finish();
      // What nobody has heard yet is not to be begun with now.
      const request = { subtype: "interrupt", cancel_queued: true };
      send({ type: "control_request", request_id: randomUUID(), request });
      return true;
    },
    close: finish,
  };

  function begin(capabilities: string[]): void {
    begun = true;
    if (listens || !capabilities.includes(tellsOfMessages)) return;
    listens = true;
    passOn().catch((error: unknown) => onDiagnostic(`No words can be passed on: ${String(error)}`));
  }

  function finish(): void {
    isOver = true;
    over.resolve(undefined);
  }

  /** One after the other: the next is asked for when the model has got the one before. */
  async function passOn(): Promise<void> {
    const source = words[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([source.next(), over.promise]);
      if (next === undefined || next.done === true || isOver) break;
      const heard = Promise.withResolvers<true>();
      const uuid = randomUUID();
      unheard.set(uuid, () => heard.resolve(true));
      say(next.value, uuid);
      // What was not heard is not passed on: then no more is asked for.
      if ((await Promise.race([heard.promise, over.promise])) === undefined) break;
    }
    // Not waited for: it may be busy with the words that will not be asked for.
    void source.return?.();
  }

  function follow(uuid: string, state: string): void {
    if (state === "queued") return;
    // Otherwise it was thrown away.
    if (state === "started" || state === "completed") unheard.get(uuid)?.();
    unheard.delete(uuid);
  }

  async function answer(ask: ClaudeAsk): Promise<void> {
    onWaiting(true);
    try {
      const given = await permit(claudePermission(ask));
      if (!withdrawn.has(ask.request_id)) send(claudeAnswer(ask, given));
    } catch (error) {
      // The turn is over, or nobody can be asked: either way it is not allowed.
      send(claudeAnswer(ask, { is: "denied", why: `Nobody could be asked: ${String(error)}` }));
    } finally {
      onWaiting(false);
    }
  }

  function refuse(request_id: string): void {
    const error = "There is nobody to answer this.";
    send({ type: "control_response", response: { subtype: "error", request_id, error } });
  }

  function say(text: string, uuid?: string): void {
    const message = { role: "user", content: [{ type: "text", text }] };
    send({ type: "user", message, ...(uuid === undefined ? {} : { uuid }) });
  }

  function send(message: object): void {
    if (stdin.writable) stdin.write(`${JSON.stringify(message)}\n`);
  }
}
