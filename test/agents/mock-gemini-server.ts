import { standOf, type Utterance } from "./model-conversation.ts";
import { callTokens, type ModelBlock } from "./model-script.ts";
import {
  type Asked,
  type ModelRequest,
  type ModelServer,
  type ModelServerOptions,
  type Provider,
  record,
  records,
  type Send,
  sendJson,
  serveModel,
} from "./model-server.ts";

/** A scripted model behind the Gemini API, as far as the Gemini CLI asks for it. */
export function startMockGemini(options: ModelServerOptions): Promise<ModelServer> {
  return serveModel(options, provider);
}

const provider: Provider = {
  error: geminiError,
  wrongKey: geminiError("UNAUTHENTICATED", "Invalid API key.", 401),
  keyOf({ "x-goog-api-key": key }) {
    return typeof key === "string" ? key : undefined;
  },
  read,
};

function read({ path, body }: ModelRequest): Asked {
  if (path.endsWith(":countTokens"))
    return { is: "other", status: 200, answer: { totalTokens: 100 } };
  const model = /models\/([^:]+):/.exec(path)?.[1] ?? "";
  const send = path.endsWith(":streamGenerateContent") ? streamGemini : sendGemini;
  // A call without tools is for a title, or for the choice of a model.
  if (records(body["tools"]).length === 0) return { is: "aside", say: "{}", send };
  const contents = records(body["contents"]);
  const [, folder = ""] =
    /Workspace Directories:\*\*\\n *- ([^\\]+)/.exec(JSON.stringify(contents)) ?? [];
  const call = { ...standOf(contents.flatMap(utterancesIn)), model, session: "", folder };
  return { is: "call", call, send };
}

function geminiError(status: string, message: string, code: number): unknown {
  return { error: { code, message, status } };
}

/** What a tool has printed comes as a user's message too. */
function utterancesIn({ role, parts }: Record<string, unknown>): Utterance[] {
  if (role === "model") return ["answer"];
  const pieces = records(parts);
  if (pieces.some((part) => "functionResponse" in part)) return [];
  const prompt = pieces
    .map(({ text }) => text)
    .filter(isOfPerson)
    .join("\n");
  return prompt === "" ? [] : [{ prompt }];
}

function isOfPerson(text: unknown): boolean {
  return typeof text === "string" && !text.startsWith("<session_context>");
}

const sendGemini: Send = (response, blocks) => sendJson(response, 200, answerOf(blocks));

const streamGemini: Send = (response, blocks) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(`data: ${JSON.stringify(answerOf(blocks))}\r\n\r\n`);
};

function answerOf(blocks: ModelBlock[]): unknown {
  const { input, cacheRead, output } = callTokens;
  return {
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
}
