import { z } from "zod";
import type { AgentEvent } from "../ports.ts";

/** The parts of `session/update` that we use. Others, and what this version of the protocol does not know, are left to the raw file. */
const Content = z.object({ type: z.literal("text"), text: z.string() });
const toolFields = {
  toolCallId: z.string(),
  name: z.string().nullish().catch(null),
  title: z.string().nullish().catch(null),
  kind: z.string().nullish().catch(null),
  status: z.string().nullish().catch(null),
  rawInput: z.unknown().optional(),
};
const Update = z.discriminatedUnion("sessionUpdate", [
  z.object({
    sessionUpdate: z.enum(["agent_message_chunk", "agent_thought_chunk"]),
    content: z.unknown(),
    messageId: z.string().nullish(),
  }),
  z.object({ sessionUpdate: z.enum(["tool_call", "tool_call_update"]), ...toolFields }),
  z.object({
    sessionUpdate: z.literal("usage_update"),
    cost: z.object({ amount: z.number().nonnegative(), currency: z.string() }).nullish(),
  }),
]);
type Update = z.infer<typeof Update>;
type ToolUpdate = Extract<Update, { toolCallId: string }>;
type ChunkUpdate = Extract<Update, { content: unknown }>;

export interface AcpUpdates {
  take(update: unknown): void;
  /** Emits the words that no end was seen of. */
  flush(): void;
  /** The newest message of the agent. */
  said(): string;
  /** Whether it has said or used anything. */
  hasWorked(): boolean;
  /** What the session has cost so far by the agent's account; null: it gives none. */
  usd(): number | null;
}

const maxInput = 2_000;
/** Words are told in one piece, unless it gets this long. */
const maxPiece = 16_000;
const maxSaid = 64_000;

/** Makes events of what an agent tells about its work, chunk by chunk. */
export function acpUpdates(emit: (event: AgentEvent) => void): AcpUpdates {
  const tools = new Map<string, { name: string; title: string; told: boolean }>();
  let piece: { type: "text" | "thinking"; message: string; text: string } | undefined;
  let said = "";
  let worked = false;
  let usd: number | null = null;

  return {
    take(value) {
      const update = Update.safeParse(value).data;
      if (update === undefined) return;
      if ("toolCallId" in update) takeTool(update);
      else if ("content" in update) takeChunk(update);
      else if (update.cost?.currency === "USD") usd = update.cost.amount;
    },
    flush,
    said: () => said,
    hasWorked: () => worked,
    usd: () => usd,
  };

  function takeChunk({ sessionUpdate, content, messageId }: ChunkUpdate): void {
    const text = Content.safeParse(content).data?.text;
    if (text === undefined) return;
    worked = true;
    const type = sessionUpdate === "agent_message_chunk" ? "text" : "thinking";
    const message = messageId ?? "";
    if (piece?.type !== type || piece.message !== message) {
      flush();
      piece = { type, message, text: "" };
      if (type === "text") said = "";
    }
    piece.text += text;
    if (type === "text") said = (said + text).slice(-maxSaid);
    const lineEnd = piece.text.length > maxPiece ? piece.text.lastIndexOf("\n") : -1;
    if (lineEnd === -1) return;
    emit({ type, text: piece.text.slice(0, lineEnd) });
    piece.text = piece.text.slice(lineEnd + 1);
  }

  function flush(): void {
    if (piece !== undefined && piece.text !== "") emit({ type: piece.type, text: piece.text });
    piece = undefined;
  }

  /** What a tool is given may be known only when it begins. */
  function takeTool({ toolCallId, name, title, kind, status, rawInput }: ToolUpdate): void {
    flush();
    worked = true;
    const tool = tools.get(toolCallId) ?? { name: "tool", title: "", told: false };
    tools.set(toolCallId, tool);
    tool.name = name ?? kind ?? tool.name;
    tool.title = title ?? tool.title;
    const input = inputText(rawInput);
    if (!tool.told && (input !== "" || (status ?? "pending") !== "pending")) {
      tool.told = true;
      emit({ type: "tool", name: tool.name, input: input === "" ? tool.title : input });
    }
    if (status !== "completed" && status !== "failed") return;
    tools.delete(toolCallId);
    emit({ type: "tool_ended", name: tool.name, ok: status === "completed" });
  }
}

function inputText(input: unknown): string {
  const text = input === undefined || input === null ? "" : (JSON.stringify(input) ?? "");
  return text === "{}" ? "" : text.slice(0, maxInput);
}
