import { anthropicError, sendAnthropic, textOf, utterancesIn } from "./mock-anthropic-server.ts";
import { standOf } from "./model-conversation.ts";
import { type Model, type ModelBlock, use } from "./model-script.ts";
import {
  type Asked,
  type ModelRequest,
  type ModelServer,
  type ModelServerOptions,
  record,
  records,
  sentKey,
  serveModel,
} from "./model-server.ts";

/**
 * The Amp server and its model proxy on loopback, for `AMP_URL`, as far as the JavaScript generation of the Amp CLI asks for them.
 */
export function startMockAmp(options: ModelServerOptions): Promise<ModelServer> {
  const threads = new Map<string, unknown>();
  return serveModel(options, {
    error: anthropicError,
    wrongKey: { error: "Unauthorized" },
    keyOf: sentKey,
    read: (request) => read(request, threads),
  });
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

function read({ path, query, headers, body }: ModelRequest, threads: Map<string, unknown>): Asked {
  if (path === "/api/internal") {
    const method = typeof body["method"] === "string" ? body["method"] : query;
    return { is: "other", status: 200, answer: internal(method, record(body["params"]), threads) };
  }
  if (!path.endsWith("/messages")) return { is: "other", status: 404, answer: {} };
  const model = String(body["model"]);
  const send = sendAnthropic(model);
  const tools = records(body["tools"]);
  // The first prompt of a thread is also sent to a small model, without tools, for a title.
  if (!Array.isArray(body["tools"]) || tools.some(({ name }) => name === "set_title"))
    return { is: "aside", say: "A title", send };
  const call = {
    ...standOf(utterancesIn(body["messages"])),
    model,
    session: String(headers["x-amp-thread-id"]),
    folder: /^Working directory: (.+)$/m.exec(textOf(body["system"]))?.[1] ?? "",
  };
  return { is: "call", call, send };
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
