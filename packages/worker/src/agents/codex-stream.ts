import { z } from "zod";
import type { AgentEvent } from "../ports.ts";
import { CodexTokens, readingOf } from "./codex-tokens.ts";
import type { Reading } from "./cumulative-usage.ts";
import { jsonLine } from "./json-line.ts";

/** The parts of `codex exec --json` that we use. Unknown events, items and fields are left to the raw file. */
const Event = z.discriminatedUnion("type", [
  z.object({ type: z.literal("thread.started"), thread_id: z.string() }),
  z.object({ type: z.enum(["item.started", "item.completed"]), item: z.unknown() }),
  z.object({
    type: z.literal("turn.completed"),
    usage: CodexTokens.optional(),
  }),
  z.object({ type: z.literal("turn.failed"), error: z.object({ message: z.string() }) }),
  z.object({ type: z.literal("error"), message: z.string() }),
]);

const id = z.string();
const Item = z.discriminatedUnion("type", [
  z.object({ id, type: z.enum(["agent_message", "reasoning"]), text: z.string() }),
  z.object({ id, type: z.literal("error"), message: z.string() }),
  z.object({
    id,
    type: z.literal("command_execution"),
    command: z.string(),
    status: z.string().optional(),
  }),
  z.object({
    id,
    type: z.literal("file_change"),
    changes: z.array(z.object({ path: z.string(), kind: z.string() })),
    status: z.string().optional(),
  }),
  z.object({
    id,
    type: z.literal("mcp_tool_call"),
    server: z.string(),
    tool: z.string(),
    arguments: z.unknown(),
    status: z.string().optional(),
  }),
  z.object({
    id,
    type: z.literal("web_search"),
    query: z.string(),
    status: z.string().optional(),
  }),
]);
type Item = z.infer<typeof Item>;
type ToolItem = Exclude<Item, { type: "agent_message" | "reasoning" } | { type: "error" }>;

export type CodexEnding =
  /** `reading`: what the thread has used since its beginning. */
  { is: "completed"; reading: Reading | null } | { is: "failed"; message: string };

export interface CodexStream {
  /** Takes the next line; returns the terminal event, or `"offline"` when Codex waits for a network, as it would for ever. */
  read(line: string): CodexEnding | "offline" | undefined;
  /** The agent's newest words. */
  said(): string;
  /** Why it calls its model again, when that is the last that was heard. */
  retrying(): string | undefined;
}

const maxText = 2_000;
/** It looks again after longer and longer pauses: this is some 15 seconds without any network. */
const maxWaits = 3;

/** Reads one turn's stream line by line. */
export function codexStream(emit: (event: AgentEvent) => void): CodexStream {
  const begun = new Set<string>();
  let said = "";
  let waits = 0;
  let retrying: string | undefined;

  return { read, said: () => said, retrying: () => retrying };

  function read(line: string): CodexEnding | "offline" | undefined {
    const json = jsonLine(line);
    if (json === undefined) {
      if (line.trim() !== "") emit({ type: "diagnostic", text: line });
      return undefined;
    }
    const event = Event.safeParse(json).data;
    switch (event?.type) {
      case undefined:
        return undefined;
      case "thread.started":
        emit({ type: "session", id: event.thread_id });
        return undefined;
      case "item.started":
      case "item.completed":
        takeItem(event.item, event.type === "item.completed");
        return undefined;
      case "error":
        return takeError(event.message);
      case "turn.failed":
        return { is: "failed", message: messageIn(event.error.message) };
      case "turn.completed":
        return {
          is: "completed",
          reading: event.usage === undefined ? null : readingOf(event.usage),
        };
    }
  }

  function takeError(message: string): "offline" | undefined {
    const text = messageIn(message).slice(0, maxText);
    if (!/^reconnecting/i.test(text)) {
      emit({ type: "diagnostic", text });
      return undefined;
    }
    retrying = text;
    emit({ type: "retry", message: text });
    return /waiting for network/i.test(text) && ++waits >= maxWaits ? "offline" : undefined;
  }

  function takeItem(value: unknown, isDone: boolean): void {
    const item = Item.safeParse(value).data;
    if (item === undefined) return;
    waits = 0;
    retrying = undefined;
    switch (item.type) {
      case "agent_message":
      case "reasoning":
        if (!isDone) return;
        if (item.type === "agent_message") said = item.text;
        return emit({
          type: item.type === "agent_message" ? "text" : "thinking",
          text: item.text,
        });
      case "error":
        return emit({ type: "diagnostic", text: item.message.slice(0, maxText) });
      case "command_execution":
      case "file_change":
      case "mcp_tool_call":
      case "web_search":
        return takeTool(item, isDone);
    }
  }

  /** Of some only the end is told. */
  function takeTool(item: ToolItem, isDone: boolean): void {
    const [name, input] = toolOf(item);
    if (!begun.has(item.id)) emit({ type: "tool", name, input: input.slice(0, maxText) });
    begun.add(item.id);
    if (isDone)
      emit({ type: "tool_ended", name, ok: (item.status ?? "completed") === "completed" });
  }
}

function toolOf(item: ToolItem): [name: string, input: string] {
  switch (item.type) {
    case "command_execution":
      return ["shell", item.command];
    case "file_change":
      return ["edit", item.changes.map(({ kind, path }) => `${kind} ${path}`).join(", ")];
    case "mcp_tool_call":
      return [`${item.server}.${item.tool}`, JSON.stringify(item.arguments) ?? ""];
    case "web_search":
      return ["web_search", item.query];
  }
}

/** A refusal may be the provider's whole answer. */
function messageIn(text: string): string {
  const answer = z
    .object({ error: z.object({ message: z.string() }) })
    .safeParse(jsonLine(text)).data;
  return answer?.error.message ?? text;
}
