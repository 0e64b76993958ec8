import type { ServerResponse } from "node:http";
import { callTokens, type ModelBlock } from "./model-script.ts";
import {
  answerCall,
  listen,
  type ModelServer,
  type ModelServerOptions,
  readJson,
  record,
  records,
  send,
} from "./model-server.ts";

/** A scripted model behind the Gemini API, as far as the Gemini CLI asks for it. */
export async function startMockGemini({
  answer,
  onRequest,
  key,
}: ModelServerOptions): Promise<ModelServer> {
  const calls: ModelServer["calls"] = [];
  const server = await listen(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const body = await readJson(request);
    onRequest?.();
    if (key !== undefined && request.headers["x-goog-api-key"] !== key)
      return send(response, 401, geminiError("UNAUTHENTICATED", "Invalid API key.", 401));
    if (pathname.endsWith(":countTokens")) return send(response, 200, { totalTokens: 100 });
    const model = /models\/([^:]+):/.exec(pathname)?.[1] ?? "";
    const isStream = pathname.endsWith(":streamGenerateContent");
    const reply = (blocks: ModelBlock[]) => answerIn(response, isStream, blocks);
    // A call without tools is for a title, or for the choice of a model.
    if (records(body["tools"]).length === 0) return reply([{ type: "text", text: "{}" }]);
    const contents = records(body["contents"]);
    const [, folder = ""] =
      /Workspace Directories:\*\*\\n *- ([^\\]+)/.exec(JSON.stringify(contents)) ?? [];
    const call = { ...readConversation(contents), model, session: "", folder };
    calls.push(call);
    const given = answer(call);
    const status = typeof given === "object" && "status" in given ? given.status : 500;
    return answerCall(response, given, reply, (type, message) =>
      geminiError(type, message, status),
    );
  });
  return { ...server, calls, [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
}

function geminiError(status: string, message: string, code: number): unknown {
  return { error: { code, message, status } };
}

/** What a tool has printed comes as a user's message too. */
function readConversation(contents: Record<string, unknown>[]): {
  turn: number;
  step: number;
  prompt: string;
} {
  let turn = -1;
  let step = 0;
  let prompt = "";
  for (const { role, parts } of contents) {
    const pieces = records(parts);
    if (role === "model") step++;
    else if (!pieces.some((part) => "functionResponse" in part)) {
      const text = pieces
        .map(({ text: words }) => words)
        .filter(isOfPerson)
        .join("\n");
      if (text === "") continue;
      turn++;
      step = 0;
      prompt = text;
    }
  }
  return { turn: Math.max(0, turn), step, prompt };
}

function isOfPerson(text: unknown): boolean {
  return typeof text === "string" && !text.startsWith("<session_context>");
}

function answerIn(response: ServerResponse, isStream: boolean, blocks: ModelBlock[]): void {
  const { input, cacheRead, output } = callTokens;
  const body = {
    candidates: [
      {
        content: {
          role: "model",
          parts: blocks.map((block) =>
            block.type === "text"
              ? { text: block.text }
              : { functionCall: { name: block.name, args: record(block.input) } },
          ),
        },
        finishReason: "STOP",
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: input + cacheRead,
      cachedContentTokenCount: cacheRead,
      candidatesTokenCount: output,
      totalTokenCount: input + cacheRead + output,
    },
  };
  if (!isStream) return send(response, 200, body);
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(`data: ${JSON.stringify(body)}\r\n\r\n`);
}
