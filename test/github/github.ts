import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Account } from "./account.ts";
import type { PlanFor, JobPlan, RunOutcome } from "./actions/plan.ts";
import { createFaults, type Fault, type FaultFor } from "./http/faults.ts";
import type { Limits } from "./http/limits.ts";
import { githubLimits } from "./http/limits.ts";
import type { LoggedRequest } from "./http/request-log.ts";
import { createLogStore } from "./logs/log-store.ts";
import { createRepository, type RepositoryOptions } from "./people/create-repository.ts";
import type { AppHandle, AppOptions, TokenOptions } from "./people/credentials.ts";
import { createApp, createToken } from "./people/credentials.ts";
import { type RepositoryHandle, repositoryHandle } from "./people/repository-handle.ts";
import { mergeWhatCan } from "./pulls/queue.ts";
import { routes } from "./routes/routes.ts";
import { createSchedule } from "./schedule.ts";
import { close, listen, listener } from "./server.ts";
import type { Delivery, Hook } from "./webhooks.ts";
import { deliver, webhookBody } from "./webhooks.ts";
import type { World } from "./world.ts";
import { accountNamed } from "./world.ts";

export interface GitHubOptions {
  /** Milliseconds since 1970; the real time by default. */
  readonly now?: () => number;
  /** Any free one by default. */
  readonly port?: number;
  /** A socket file to listen on as well, for `http_unix_socket` of gh. */
  readonly socket?: string;
  readonly limits?: Partial<Limits>;
  /** Of installation tokens; an hour by default. */
  readonly tokenLifetimeMs?: number;
  /** Of the addresses of logs; a minute by default. */
  readonly logUrlLifetimeMs?: number;
}

/** A GitHub on loopback that remembers. */
export interface FakeGitHub extends AsyncDisposable {
  /** Such as `http://127.0.0.1:4000`: what a GitHub Enterprise Server would be reached by. */
  readonly url: string;
  /** `url` with `/api/v3`; the same answers are at `url` itself, as at api.github.com. */
  readonly apiUrl: string;
  /** May be changed at any time. */
  readonly limits: Limits;
  createRepository(name: string, options?: RepositoryOptions): Promise<RepositoryHandle>;
  createAccount(login: string, type?: Account["type"]): Account;
  createToken(options: TokenOptions): string;
  revokeToken(token: string): void;
  createApp(options: AppOptions): AppHandle;
  /** How jobs go; by default they succeed at once. The newest plan that matches is followed. */
  plan(of: PlanFor, plan: JobPlan): void;
  /** How runs come about. */
  planRun(of: PlanFor, plan: RunOutcome): void;
  /** Lets a request go wrong: the n-th from now on, or the next that matches. */
  fail(of: FaultFor | number, fault: Fault): void;
  /** Takes back what `fail` asked for and has not happened. */
  heal(): void;
  /** Every request so far, oldest first. */
  requests(): readonly LoggedRequest[];
  forgetRequests(): void;
  /** Sends the events of all repositories there, from now on. */
  addHook(hook: Hook): void;
  removeHooks(): void;
  deliveries(): readonly Delivery[];
  /** Lets time pass; what becomes due happens, in order. */
  advance(ms: number): Promise<void>;
  now(): number;
  /** Lets something be done at a time, by a person say. */
  at(time: number, run: () => Promise<unknown>): void;
  /** When something happens by itself next; Infinity: nothing will. */
  next(): number;
  /** Waits until every event that has happened is delivered, and what runs beside is over. */
  settled(): Promise<void>;
  /** What broke in the fake itself; empty, or the test is worth nothing. Disposal throws the first. */
  readonly bugs: readonly unknown[];
}

/** Starts it. Everything it keeps lies in a temporary folder; disposal leaves nothing. */
export async function startGitHub(options: GitHubOptions = {}): Promise<FakeGitHub> {
  const {
    now = Date.now,
    port = 0,
    tokenLifetimeMs = 3_600_000,
    logUrlLifetimeMs = 60_000,
  } = options;
  const bugs: unknown[] = [];
  const onBug = (error: unknown) => void bugs.push(error);
  const requests: LoggedRequest[] = [];
  const hooks: Hook[] = [];
  const deliveries: Delivery[] = [];
  const faults = createFaults();
  const limits: Limits = { ...githubLimits, ...options.limits };
  const closing = new AbortController();
  const work = new Set<Promise<unknown>>();
  const folder = await mkdtemp(join(tmpdir(), "fake-github-"));
  const schedule = createSchedule(now, onBug);
  let lastId = 15_000_000_000;
  let url = "";
  let logsUrl = "";
  let delivered: Promise<void> = Promise.resolve();

  const deliverAfter = async (earlier: Promise<void>, hook: Hook, event: string, body: string) => {
    await earlier;
    if (closing.signal.aborted) return;
    deliveries.push(await deliver(hook, event, body, closing.signal));
  };

  const world: World = {
    schedule,
    folder,
    tokenLifetimeMs,
    logUrlLifetimeMs,
    closing: closing.signal,
    accounts: new Map(),
    repositories: [],
    tokens: new Map(),
    apps: [],
    installations: [],
    plans: { jobs: [], runs: [] },
    nextId: () => ++lastId,
    background(promise) {
      const kept = promise.catch(onBug).finally(() => work.delete(kept));
      work.add(kept);
    },
    emit(event) {
      if (mayUnblock.has(event.name))
        schedule.at(schedule.now(), (due) => mergeWhatCan(world, event.repository, due));
      const owner = event.repository.owner.login;
      const installation = world.installations.find(({ account }) => account.login === owner);
      for (const hook of hooks) {
        if (hook.events !== undefined && !hook.events.includes(event.name)) continue;
        const body = webhookBody({ api: `${url}/api/v3`, html: url }, event, installation);
        delivered = deliverAfter(delivered, hook, event.name, body);
        world.background(delivered);
      }
    },
  };

  const logs = createLogStore(() => logsUrl, logUrlLifetimeMs);
  const rest = { world, routes: routes(logs), limits, budgets: new Map() };
  const answer = listener({ rest, logs, faults, requests, onBug });
  const servers = [createServer(answer), createServer(answer)] as const;
  url = await listen(servers[0], { port });
  logsUrl = await listen(servers[1], { port: 0 });
  const bySocket = options.socket === undefined ? undefined : createServer(answer);
  if (bySocket !== undefined) await listen(bySocket, { path: options.socket! });

  return {
    url,
    apiUrl: `${url}/api/v3`,
    limits,
    bugs,
    async createRepository(name, repositoryOptions = {}) {
      const repository = await createRepository(world, name, repositoryOptions);
      return repositoryHandle(world, repository, () => url);
    },
    createAccount: (login, type) => accountNamed(world, login, type),
    createToken: (given) => createToken(world, given),
    revokeToken(value) {
      const token = world.tokens.get(value);
      if (token !== undefined) token.revoked = true;
    },
    createApp: (given) => createApp(world, given),
    plan: (of, plan) => void world.plans.jobs.push({ of, plan }),
    planRun: (of, plan) => void world.plans.runs.push({ of, plan }),
    fail: (of, fault) => faults.add(of, fault),
    heal: () => faults.clear(),
    requests: () => requests,
    forgetRequests: () => void requests.splice(0),
    addHook: (hook) => void hooks.push(hook),
    removeHooks: () => void hooks.splice(0),
    deliveries: () => deliveries,
    advance: (ms) => schedule.advance(ms),
    now: () => schedule.now(),
    at: (time, run) => schedule.at(time, async () => void (await run())),
    next: () => schedule.next(),
    async settled() {
      while (work.size > 0) await Promise.all(work);
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all([...servers, ...(bySocket === undefined ? [] : [bySocket])].map(close));
      await schedule[Symbol.asyncDispose]();
      await Promise.all(work);
      await rm(folder, { recursive: true, force: true });
      if (bugs.length > 0) throw bugs[0] as Error;
    },
  };
}

/** Events after which a pull request that waits may be merged. */
const mayUnblock = new Set([
  "workflow_run",
  "check_run",
  "status",
  "pull_request_review",
  "pull_request",
]);
