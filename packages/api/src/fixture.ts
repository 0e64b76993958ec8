import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type AgentAbilities, CreatedTask, Problem, UserError } from "@ampx/core";
import { looseRules, openStore, type Store } from "@ampx/store";
import type { ApiDeps } from "./api-deps.ts";
import { newTaskId } from "./new-task-id.ts";
import { startApi, type RunningApi } from "./start-api.ts";

export const token = "test-token-0123456789abcdef";
export const secret = "sk-very-secret-value-42";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface Sending {
  headers?: Record<string, string>;
  /** Not text: sent as JSON. */
  body?: unknown;
  /** Left out of the header fields that are sent otherwise. */
  without?: string[];
}

/** A real API on a real store, in a folder of its own. */
export interface ApiUnderTest extends AsyncDisposable {
  api: RunningApi;
  deps: ApiDeps;
  store: Store;
  /** What the API logged as a bug. */
  bugs: unknown[];
  send(method: string, path: string, sending?: Sending): Promise<Answer>;
  /** A task made through the front door. */
  create(body?: Record<string, unknown>): Promise<CreatedTask>;
}

/** What an agent can do that does its best. */
export const able: AgentAbilities = {
  resume: true,
  tokens: "live",
  cost: "live",
  permissions: false,
  steering: false,
};

export async function startTestApi(overrides: Partial<ApiDeps> = {}): Promise<ApiUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "api-"));
  const store = await openStore({ file: join(folder, "ampx.db"), redact: (text) => text });
  const bugs: unknown[] = [];
  const deps: ApiDeps = {
    store,
    token,
    now: () => Date.now(),
    newId: newTaskId,
    version: "1.2.3",
    home: folder,
    user: "ada",
    repositories: { resolve: resolveRepository },
    defaults: {
      agent: "scripted",
      maxAttempts: 5,
      maxMinutes: 60,
      branchPrefix: "amp/",
      fallbacks: [],
      maxUsd: undefined,
      maxTokens: undefined,
      ticketBranches: "ampx",
    },
    schedule: { rules: looseRules, slots: 3 },
    dayCaps: { usd: null, tokens: null },
    githubUrl: "https://github.com",
    webhookSecret: null,
    leakedSecret: (text) => (text.includes(secret) ? { kind: "a value of the config" } : null),
    logFiles: async (id) => [join(folder, "logs", `${id}.log`)],
    logger: { info: () => {}, error: (_message, error) => bugs.push(error) },
    workerPatienceMs: 0,
    ...overrides,
  };
  const api = await startApi(deps, 0);
  const send: ApiUnderTest["send"] = (method, path, sending = {}) =>
    sendTo(api.port, method, path, sending);
  return {
    api,
    deps,
    store,
    bugs,
    send,
    create: async (body = {}) => {
      const answer = await send("POST", "/tasks", {
        body: { repo: "/repos/app", prompt: "Fix the login", ...body },
      });
      if (answer.status !== 201) throw new Error(`not created: ${answer.text}`);
      return CreatedTask.parse(JSON.parse(answer.text));
    },
    [Symbol.asyncDispose]: async () => {
      await api.close();
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** One request over a connection of its own, with exactly the header fields given. */
export function sendTo(
  port: number,
  method: string,
  path: string,
  { headers, body, without = [] }: Sending = {},
): Promise<Answer> {
  const text =
    typeof body === "string" ? body : body === undefined ? undefined : JSON.stringify(body);
  const fields: Record<string, string> = {
    Host: `127.0.0.1:${port}`,
    Authorization: `Bearer ${token}`,
    ...(text === undefined
      ? {}
      : { "Content-Type": "application/json", "Content-Length": String(Buffer.byteLength(text)) }),
    ...headers,
  };
  for (const name of without) delete fields[name];
  return new Promise((resolve, reject) => {
    const req = request(
      { host: "127.0.0.1", port, method, path, headers: fields, setHost: false, agent: false },
      (res) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => chunks.push(chunk));
        res.on("end", () =>
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
        res.on("error", reject);
      },
    );
    req.on("error", reject);
    req.end(text);
  });
}

/** The problem that an answer is; fails when it is something else. */
export function problemIn(answer: Answer): Problem {
  if (answer.headers["content-type"] !== "application/problem+json")
    throw new Error(`no problem: ${answer.status} ${answer.text}`);
  const problem = Problem.parse(JSON.parse(answer.text));
  if (problem.status !== answer.status)
    throw new Error(`${problem.status} in an answer with ${answer.status}`);
  return problem;
}

/** Waits for what comes true by itself. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  ms = 10_000,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${String(condition)}`);
    await sleep(5);
  }
}

async function resolveRepository(repo: string, base: string | undefined) {
  if (!repo.startsWith("/repos/"))
    throw new UserError(`There is no repository at ${repo}`, {
      kind: "not_found",
      tryThis: "ampx init",
    });
  return { repo, base: base ?? "main" };
}
