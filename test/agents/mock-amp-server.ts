import {
  anthropicError,
  readConversation,
  streamAnthropic,
  textOf,
} from "./mock-anthropic-server.ts";
import { type Model, type ModelBlock, use } from "./model-script.ts";
import {
  answerCall,
  listen,
  type ModelServer,
  type ModelServerOptions,
  readJson,
  record,
  records,
  send,
  sentKey,
} from "./model-server.ts";

/**
 * The Amp server and its model proxy on loopback, for `AMP_URL`, as far as the JavaScript generation of the Amp CLI asks for them.
 */
export async function startMockAmp({
  answer,
  onRequest,
  key,
}: ModelServerOptions): Promise<ModelServer> {
  const calls: ModelServer["calls"] = [];
  const threads = new Map<string, unknown>();
  const server = await listen(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const body = await readJson(request);
    onRequest?.();
    if (key !== undefined && sentKey(request) !== key)
      return send(response, 401, { error: "Unauthorized" });
    if (url.pathname === "/api/internal") {
      const method = typeof body["method"] === "string" ? body["method"] : url.search.slice(1);
      return send(response, 200, internal(method, record(body["params"]), threads));
    }
    if (!url.pathname.endsWith("/messages")) return send(response, 404, {});

    const model = String(body["model"]);
    const stream = (blocks: ModelBlock[]) => streamAnthropic(response, model, blocks);
    // The first prompt of a thread is also sent to a small model, without tools, for a title.
    if (
      !Array.isArray(body["tools"]) ||
      records(body["tools"]).some(({ name }) => name === "set_title")
    )
      return stream([{ type: "text", text: "A title" }]);
    const call = {
      ...readConversation(body["messages"]),
      model,
      session: String(request.headers["x-amp-thread-id"]),
      folder: /^Working directory: (.+)$/m.exec(textOf(body["system"]))?.[1] ?? "",
    };
    calls.push(call);
    answerCall(response, answer(call), stream, anthropicError);
  });
  return { ...server, calls, [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
}

/** Amp's way to replace a part of a file, which is named below its folder. */
export function edit(file: string, from: string, to: string): Model {
  return ({ folder }) =>
    use("edit_file", { path: `${folder}/${file}`, old_str: from, new_str: to });
}

/** Amp's way to run a command line. */
export function run(cmd: string): ModelBlock[] {
  return use("Bash", { cmd });
}

function internal(
  method: string,
  params: Record<string, unknown>,
  threads: Map<string, unknown>,
): unknown {
  switch (method) {
    case "getUserInfo":
      return ok({
        id: "user_mock",
        email: "a@example.com",
        emailVerified: true,
        features: [],
        team: null,
        workspace: null,
        username: "mock",
      });
    case "getUserFreeTierStatus":
      return ok({ canUseAmpFree: false, isDailyGrantEnabled: false });
    case "uploadThread":
      threads.set(String(record(params["thread"])["id"]), params["thread"]);
      return ok(null);
    case "getThread": {
      const thread = threads.get(String(params["thread"]));
      return thread === undefined
        ? { ok: false, error: { code: "thread-not-found", message: "not found" } }
        : ok({ thread: { data: thread } });
    }
    case "loadPlugins":
      return ok({ plugins: [] });
    default:
      return ok({});
  }
}

function ok(result: unknown): unknown {
  return { ok: true, result };
}
