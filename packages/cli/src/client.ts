import type {
  ChangeTask,
  CreatedTask,
  CreateTask,
  EnqueuedTickets,
  EnqueueTickets,
  EventView,
  LockList,
  LogLine,
  LogPage,
  LogStream,
  Pauses,
  PauseWork,
  ReleasedLocks,
  ReleaseLocks,
  ResumeWork,
  ServerStatus,
  Stats,
  TaskDetail,
  TaskList,
  TaskStatus,
  Why,
} from "@ampx/core";
import { UserError } from "@ampx/core/user-error";
import { findServer, readToken } from "./find-server.ts";
import { type ApiAddress, apiRequest } from "./http/api-request.ts";
import { trustedJson } from "./http/trusted-json.ts";

export interface TaskFilter {
  statuses?: TaskStatus[];
  repo?: string;
  createdBy?: string;
  limit?: number;
  cursor?: string;
}

export interface StatsFilter {
  /** ISO 8601. */
  since?: string;
  by?: Stats["by"];
}

export interface LogFilter {
  tail?: number;
  after?: number;
  streams?: LogStream[];
  attempt?: number;
}

/**
 * The API as the commands use it. Answers are taken as the contract types them, unparsed: client and server are of one
 * version, which `connect` checks, and the schemas would double the time that `ampx ls` takes. Every verb throws a
 * `UserError` for a problem that the API tells and when it does not answer. The endless ones survive restarts of the API.
 */
export interface Client {
  readonly url: string;
  createTask(task: CreateTask, idempotencyKey: string): Promise<CreatedTask>;
  enqueue(tickets: EnqueueTickets): Promise<EnqueuedTickets>;
  listTasks(filter: TaskFilter, signal?: AbortSignal): Promise<TaskList>;
  readTask(id: string, signal?: AbortSignal): Promise<TaskDetail>;
  changeTask(id: string, change: ChangeTask): Promise<void>;
  readLogs(id: string, filter: LogFilter, signal?: AbortSignal): Promise<LogPage>;
  /** New log lines as they come, after those of `readLogs`. */
  followLogs(id: string, filter: LogFilter, signal: AbortSignal): AsyncIterable<LogLine>;
  /** Events of a task after the one of id `after`, and `undefined` whenever a connection was made: what was seen before may be old. */
  followTask(id: string, after: number, signal: AbortSignal): AsyncIterable<EventView | undefined>;
  /** The same of all tasks, from now on. */
  followAll(signal: AbortSignal): AsyncIterable<EventView | undefined>;
  status(signal?: AbortSignal): Promise<ServerStatus>;
  /** Why a task is not further than it is. */
  why(id: string): Promise<Why>;
  /** Locks that are held or waited for, of all repositories or one. */
  locks(repo?: string): Promise<LockList>;
  releaseLocks(which: ReleaseLocks): Promise<ReleasedLocks>;
  pause(work: PauseWork): Promise<Pauses>;
  resume(work: ResumeWork): Promise<Pauses>;
  stats(filter: StatsFilter): Promise<Stats>;
}

/** The client of the home's running server. Throws `unreachable` when none runs. */
export async function connect(home: string, version: string): Promise<Client> {
  let address = await addressOf(home, version);
  const task = (id: string) => `/tasks/${encodeURIComponent(id)}`;
  const again = () => addressOf(home, version);
  const get = async <T>(path: string, signal?: AbortSignal): Promise<T> => {
    const ask = () => apiRequest<T>(address, { path, ...(signal && { signal }) });
    try {
      return await ask();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      // Whoever watches for long may have outlived a server: the next one listens elsewhere.
      const now = await again().catch(() => address);
      if (now.url === address.url) throw error;
      address = now;
      return ask();
    }
  };
  return {
    url: address.url,
    createTask: (body, key) =>
      apiRequest(address, {
        method: "POST",
        path: "/tasks",
        body,
        headers: { "idempotency-key": key },
      }),
    enqueue: (body) => apiRequest(address, { method: "POST", path: "/tickets", body }),
    listTasks: (filter, signal) => get(`/tasks${query(taskQuery(filter))}`, signal),
    readTask: (id, signal) => get(task(id), signal),
    changeTask: (id, body) => apiRequest(address, { method: "PATCH", path: task(id), body }),
    readLogs: (id, filter, signal) => get(`${task(id)}/logs${query(logQuery(filter))}`, signal),
    followLogs: (id, filter, signal) => logLines(again, `${task(id)}/logs`, filter, signal),
    followTask: (id, after, signal) =>
      taskEvents(again, `${task(id)}/events${query({ after })}`, signal),
    followAll: (signal) => taskEvents(again, "/events", signal),
    status: (signal) => get("/status", signal),
    why: (id) => get(`${task(id)}/why`),
    locks: (repo) => get(`/locks${query({ repo })}`),
    releaseLocks: (body) => apiRequest(address, { method: "POST", path: "/locks/release", body }),
    pause: (body) => apiRequest(address, { method: "POST", path: "/pause", body }),
    resume: (body) => apiRequest(address, { method: "POST", path: "/resume", body }),
    stats: ({ since, by }) => get(`/stats${query({ since, by })}`),
  };
}

/** Whether the server, not the question, is what is wrong. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof UserError && error.kind === "unreachable";
}

async function addressOf(home: string, version: string): Promise<ApiAddress> {
  const server = await findServer(home);
  const token = await readToken(home);
  if (server === undefined || token === undefined) {
    throw new UserError(`No ampx server runs for ${home}`, {
      kind: "unreachable",
      tryThis: "ampx serve --detach",
    });
  }
  if (server.version !== version) {
    throw new UserError(`The running server is ampx ${server.version}, this is ampx ${version}`, {
      kind: "conflict",
      tryThis: "ampx stop && ampx serve --detach",
    });
  }
  return { url: server.url, token };
}

async function* logLines(
  address: () => Promise<ApiAddress>,
  path: string,
  filter: LogFilter,
  signal: AbortSignal,
): AsyncIterable<LogLine> {
  let after = filter.after;
  const { followEvents } = await import("./http/follow-events.ts");
  const pathNow = () =>
    `${path}${query(logQuery({ ...filter, ...(after !== undefined && { after }) }))}`;
  for await (const event of followEvents(address, pathNow, signal)) {
    if (event === undefined) continue;
    const line = trustedJson<LogLine>(event.data);
    after = line.n;
    yield line;
  }
}

async function* taskEvents(
  address: () => Promise<ApiAddress>,
  path: string,
  signal: AbortSignal,
): AsyncIterable<EventView | undefined> {
  const { followEvents } = await import("./http/follow-events.ts");
  for await (const event of followEvents(address, () => path, signal)) {
    yield event === undefined ? undefined : trustedJson<EventView>(event.data);
  }
}

function taskQuery({
  statuses,
  repo,
  createdBy,
  limit,
  cursor,
}: TaskFilter): Record<string, string | number | undefined> {
  return { status: statuses?.join(","), repo, created_by: createdBy, limit, cursor };
}

function logQuery({
  tail,
  after,
  streams,
  attempt,
}: LogFilter): Record<string, string | number | undefined> {
  return { tail, after, stream: streams?.join(","), attempt };
}

function query(values: Record<string, string | number | undefined>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? "" : `?${given.toString()}`;
}
