import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type AnyMessage,
  client,
  methods,
  type NewSessionRequest,
  RequestError,
} from "@agentclientprotocol/sdk";
import type { AgentFailureKind, PermissionAnswer } from "@ampx/core";
import { z } from "zod";
import type { Turn } from "../ports.ts";
import { acpFailure, takeUpFailure } from "./acp-failure.ts";
import { acpPermission, type AcpToolCall, optionFor } from "./acp-permission.ts";

export interface AcpTalkOptions {
  cwd: string;
  prompt: string;
  /** The session to take up, or null for a new one. */
  session: string | null;
  /** The session mode to work in. */
  mode?: string;
  permit: Turn["permit"];
  /** While somebody else is waited for, the agent's silence is not its own. */
  onWaiting(isWaiting: boolean): void;
  onSession(id: string): void;
  /** The content of a `session/update` of the turn itself, not of what was before. */
  onUpdate(update: unknown): void;
  /** Permission for this was refused, and why. */
  onRefused(words: string): void;
  onDiagnostic(text: string): void;
}

export type AcpEnding =
  /** `answer`: all that the agent answered to the prompt. `agent`: its own name. */
  | { is: "answered"; stopReason: string; answer: Record<string, unknown>; agent: string }
  | { is: "failed"; kind: AgentFailureKind; message: string }
  /** The agent is gone. */
  | { is: "closed" };

export interface AcpTalk {
  /** Takes a line of the agent's; false: it is not of the protocol. */
  read(message: unknown): boolean;
  /** Asks to end the turn; the agent answers the prompt when it has. */
  cancel(): void;
  /** No more will come. */
  close(): void;
  ending: Promise<AcpEnding>;
}

const Envelope = z.object({ jsonrpc: z.literal("2.0") });
/** What is in it the connection looks at. */
const Message = z.custom<AnyMessage>((value) => Envelope.safeParse(value).success);
const SessionUpdate = z.object({
  method: z.literal(methods.client.session.update),
  params: z.object({ sessionId: z.string(), update: z.unknown() }),
});
/** The answer to a prompt, with what the stable protocol does not know yet. */
const Answer = z.object({ result: z.looseObject({ stopReason: z.string() }) });
const protocolVersion = 1;
/** So long nothing is told when all of the past has been told. */
const retellingPauseMs = 300;
const maxRetellingMs = 10_000;

/** Holds one turn's conversation with an agent: takes the session up or opens one, prompts, and answers when it asks for permission. */
export function acpTalk(stdin: Writable, options: AcpTalkOptions): AcpTalk {
  let feed: ReadableStreamDefaultController<AnyMessage> | undefined;
  /** Once it is prompted. */
  let session: string | undefined;
  let isCancelled = false;
  const cancelled = Promise.withResolvers<PermissionAnswer>();
  let updates = 0;
  let told: Record<string, unknown> = {};
  const connection = client({ name: "ampx" })
    .onRequest(methods.client.session.requestPermission, async ({ params }) => {
      const answer = await ask(params.toolCall);
      const option = isCancelled ? undefined : optionFor(answer, params.options);
      return {
        outcome:
          option === undefined
            ? { outcome: "cancelled" }
            : { outcome: "selected", optionId: option.optionId },
      };
    })
    .connect({
      readable: new ReadableStream<AnyMessage>({ start: (controller) => void (feed = controller) }),
      writable: new WritableStream<AnyMessage>({
        write: (message) => void stdin.write(`${JSON.stringify(message)}\n`),
      }),
    });
  const { agent } = connection;

  return {
    read(value) {
      const message = Message.safeParse(value).data;
      if (message === undefined) return false;
      told = Answer.safeParse(message).data?.result ?? told;
      const update = SessionUpdate.safeParse(message).data;
      if (update !== undefined) updates++;
      // Not by way of the connection: in order, at once, and also what this version of the protocol does not know.
      if (update === undefined) feed?.enqueue(message);
      else if (update.params.sessionId === session) options.onUpdate(update.params.update);
      return true;
    },
    cancel() {
      isCancelled = true;
      cancelled.resolve({ is: "denied", why: "the turn is over" });
      // An agent that is gone needs none.
      if (session !== undefined)
        agent.notify(methods.agent.session.cancel, { sessionId: session }).catch(() => undefined);
    },
    close: () => connection.close(),
    ending: talk().catch((error: unknown): AcpEnding => {
      if (!(error instanceof RequestError)) {
        // The connection is gone; or an answer is not of the protocol, which is worth a word.
        if (!connection.signal.aborted) options.onDiagnostic(String(error).slice(0, 1_000));
        return { is: "closed" };
      }
      return { is: "failed", ...acpFailure(error) };
    }),
  };

  async function ask(call: AcpToolCall): Promise<PermissionAnswer> {
    options.onWaiting(true);
    try {
      const answer = await Promise.race([options.permit(acpPermission(call)), cancelled.promise]);
      const wanted = call.title ?? call.toolCallId;
      // The agent is told no reason: there is no place for one in the protocol.
      if (answer.is === "denied") options.onRefused(`${wanted} (${answer.why})`);
      else options.onDiagnostic(`permission granted: ${wanted}`);
      return answer;
    } catch (error) {
      // The turn is over, or nobody can be asked: either way it is not allowed.
      return { is: "denied", why: String(error) };
    } finally {
      options.onWaiting(false);
    }
  }

  async function talk(): Promise<AcpEnding> {
    const hello = await agent.request(methods.agent.initialize, {
      protocolVersion,
      clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
      clientInfo: { name: "ampx", version: "0" },
    });
    if (hello.protocolVersion !== protocolVersion)
      return {
        is: "failed",
        kind: "spawn",
        message: `it speaks version ${hello.protocolVersion} of the protocol, and ampx version ${protocolVersion}`,
      };
    const sessionId = options.session ?? (await open());
    if (options.session !== null) {
      const refusal = await takeUp(sessionId, hello.agentCapabilities ?? {});
      if (refusal !== undefined) return refusal;
    }
    options.onSession(sessionId);
    if (options.mode !== undefined)
      await agent.request(methods.agent.session.setMode, { sessionId, modeId: options.mode });
    session = sessionId;
    const answer = await agent.request(methods.agent.session.prompt, {
      sessionId,
      prompt: [{ type: "text", text: options.prompt }],
    });
    return {
      is: "answered",
      stopReason: answer.stopReason,
      answer: told,
      agent: hello.agentInfo?.name ?? "",
    };
  }

  /** Some answer first, and then tell what was before. */
  async function untilTold(): Promise<void> {
    const begin = performance.now();
    for (let seen = -1; seen !== updates && performance.now() - begin < maxRetellingMs;) {
      seen = updates;
      await sleep(retellingPauseMs);
    }
  }

  async function open(): Promise<string> {
    const { sessionId } = await agent.request(methods.agent.session.new, place());
    return sessionId;
  }

  /** Undefined: it is taken up. */
  async function takeUp(
    sessionId: string,
    can: { loadSession?: boolean; sessionCapabilities?: { resume?: object | null } },
  ): Promise<AcpEnding | undefined> {
    const how = (can.sessionCapabilities?.resume ?? null) !== null ? "resume" : "load";
    if (how === "load" && can.loadSession !== true)
      return {
        is: "failed",
        kind: "context",
        message: `the agent cannot take up the session ${sessionId}`,
      };
    try {
      await agent.request(methods.agent.session[how], { sessionId, ...place() });
      if (how === "load") await untilTold();
      return undefined;
    } catch (error) {
      if (error instanceof RequestError)
        return { is: "failed", ...takeUpFailure(error, sessionId) };
      throw error;
    }
  }

  function place(): NewSessionRequest {
    return { cwd: options.cwd, mcpServers: [] };
  }
}
