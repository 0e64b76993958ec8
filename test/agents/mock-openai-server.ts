import { standOf, type Utterance } from "./model-conversation.ts";
import {
  type Asked,
  type ModelRequest,
  type ModelServer,
  type ModelServerOptions,
  type Provider,
  records,
  type Send,
  sentKey,
  serveModel,
} from "./model-server.ts";
import { streamChat, streamResponse } from "./openai-streams.ts";

/**
 * A scripted model behind the OpenAI API, in both of its forms: `<url>/v1/responses`, where a tool whose input is
 * `{ "input": text }` and whose definition takes free text is called so, and `<url>/v1/chat/completions`.
 */
export function startMockOpenAi(options: ModelServerOptions): Promise<ModelServer> {
  return serveModel(options, provider);
}

const provider: Provider = {
  error: openAiError,
  wrongKey: openAiError("invalid_request_error", "Incorrect API key provided"),
  keyOf: sentKey,
  read,
};

function read({ path, headers, body }: ModelRequest): Asked {
  // Codex asks for a WebSocket first.
  if (headers.upgrade !== undefined) return { is: "other", status: 426, answer: {} };
  if (path.endsWith("/models")) return { is: "other", status: 200, answer: models };
  const isChat = path.endsWith("/chat/completions");
  if (!isChat && !path.endsWith("/responses"))
    return { is: "other", status: 404, answer: openAiError("not_found", path) };
  const model = String(body["model"]);
  const send: Send = (response, blocks) =>
    isChat ? streamChat(response, model, blocks) : streamResponse(response, model, blocks, body);
  // A call for a title or the like has no tools.
  if (records(body["tools"]).length === 0) return { is: "aside", say: "A title", send };
  const messages = records(isChat ? body["messages"] : body["input"]);
  const call = {
    ...standOf(utterancesIn(messages)),
    model,
    session: sessionOf(headers, body),
    folder:
      /(?:<cwd>|working directory: *)([^<\n]+)/i.exec(
        JSON.stringify(messages).replaceAll("\\n", "\n"),
      )?.[1] ?? "",
  };
  return { is: "call", call, send };
}

const models = { object: "list", data: [{ id: "mock-model", object: "model" }] };

function openAiError(type: string, message: string): unknown {
  return { error: { message, type, code: type } };
}

function sessionOf(headers: ModelRequest["headers"], body: ModelRequest["body"]): string {
  const header = headers["session_id"] ?? headers["session-id"];
  const known = header ?? body["prompt_cache_key"];
  return typeof known === "string" ? known : "";
}

/** What the agent puts before the person's words is framed by a tag of its own, or is no message of a user. */
const framed = /^\s*(?:<[a-z_]+[^>]*>|# AGENTS\.md)/;

function utterancesIn(messages: Record<string, unknown>[]): Utterance[] {
  return messages.flatMap((message, at): Utterance[] => {
    // A model call leaves one or several items behind; those of the tools' results stand between them.
    if (isAnswer(message)) return isAnswer(messages[at - 1]) ? [] : ["answer"];
    const prompt = textOf(message["content"]);
    return message["role"] !== "user" || prompt === "" || framed.test(prompt) ? [] : [{ prompt }];
  });
}

function isAnswer(message: Record<string, unknown> | undefined): boolean {
  return (
    message?.["role"] === "assistant" ||
    /^(?:function|custom_tool)_call$|^reasoning$/.test(String(message?.["type"]))
  );
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return records(content)
    .map(({ text }) => text)
    .filter((text) => typeof text === "string" && !framed.test(text))
    .join("\n");
}
