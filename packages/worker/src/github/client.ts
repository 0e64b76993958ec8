import {
  TransientError,
  UserError,
  type Instant,
  type Millis,
  type RepositoryName,
} from "@ampx/core";
import type { z } from "zod";
import type { Clock } from "../ports.ts";
import { createAnswerMemory } from "./answer-memory.ts";
import type { Credentials } from "./credentials.ts";
import { exchange, type Answer, type Question } from "./exchange.ts";
import { createLimits, type Limits, type RateLeft } from "./limits.ts";
import { oneAfterTheOther } from "./one-after-the-other.ts";
import { refusalOf, saidBy } from "./refusal.ts";

/** For whom something is asked. */
export interface Call {
  repository: RepositoryName;
  signal: AbortSignal;
  /** An answer that is not older than this will do: equal questions of many tasks are one request. 0 by default. */
  freshMs?: Millis;
  /** When news were told of: what was asked before is old, however short ago. Null: never. */
  newsAt?: Instant | null;
}

/** GitHub did it, or said no in a way that the caller has words for. */
export type Sent<T> = { is: "done"; value: T } | { is: "refused"; status: number; said: string };

/**
 * The worker's one way to GitHub. Nothing is sent twice: where no answer came a `TransientError` is thrown, and whoever asked looks what has
 * happened before it asks again. Nothing waits for a limit either: that is a `TransientError` at once, until it is over.
 */
export interface GitHubClient {
  readonly credentials: Credentials;
  /** Reads, by its ETag when it was read before. Throws a `GitHubRefusal` for 4xx. */
  get<T>(path: string, schema: z.ZodType<T>, call: Call): Promise<T>;
  /** All pages of a list, up to 10. */
  pages<T>(path: string, schema: z.ZodType<T>, call: Call): Promise<T[]>;
  /** Changes something. 404, 405, 409 and 422 are values. */
  send<T>(
    method: "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body: unknown,
    schema: z.ZodType<T>,
    call: Call,
  ): Promise<Sent<T>>;
  /** Asks by GraphQL, which changes nothing. */
  query<T>(body: unknown, schema: z.ZodType<T>, call: Call): Promise<T>;
  /** Where a redirect leads, for what lies on another host. */
  locate(
    path: string,
    call: Call,
  ): Promise<{ is: "at"; url: string } | { is: "gone"; status: number }>;
  /** What is left of the hour, by scope of the tokens in use. */
  left(): { scope: string; left: RateLeft }[];
  /** GitHub's clock, as far as it is known. */
  now(): number;
}

export interface GitHubClientOptions {
  api: string;
  graphql: string;
  credentials: Credentials;
  clock: Clock;
  /** Between two changes, as GitHub asks for; 1 s by default. */
  writePauseMs?: Millis;
  /** How long a change waits for those before it, of which one may get no answer; a minute by default. */
  turnPatienceMs?: Millis;
}

const maxPages = 10;
const statusesAsValues = new Set([404, 405, 409, 422]);

export function createGitHubClient(options: GitHubClientOptions): GitHubClient {
  const { api, credentials, clock, writePauseMs = 1_000, turnPatienceMs = 60_000 } = options;
  const limits = new Map<string, Limits>();
  // A hundred tasks look at the same listing.
  const results = new WeakMap<Answer, { schema: unknown; value: unknown }>();
  const inTurn = oneAfterTheOther({ clock, pauseMs: writePauseMs, patienceMs: turnPatienceMs });
  let skew = 0;

  /** One exchange with the repository's token; a token that GitHub has stopped taking is replaced once. */
  const ask = async (
    question: Pick<Question, "method" | "url" | "body">,
    call: Call,
    more: Record<string, string> = {},
  ): Promise<Answer> => {
    let refused: string | undefined;
    for (;;) {
      const { signal, repository } = call;
      const credential = await credentials.tokenFor(repository, {
        signal,
        ...(refused !== undefined && { refused }),
      });
      const scope = credential?.scope ?? "nobody";
      const limit = limits.get(scope) ?? createLimits();
      limits.set(scope, limit);
      limit.check(clock.now(), question.method === "GET" ? "read" : "write");
      const answer = await exchange({
        ...question,
        signal,
        headers: {
          ...(credential !== null && { authorization: `Bearer ${credential.token}` }),
          ...more,
        },
      });
      if (answer.date !== null) skew = clock.now() - answer.date;
      const met = limit.note(answer, clock.now());
      if (met !== null) throw met;
      const mayRenew =
        answer.status === 401 && credentials.identity.is === "app" && refused === undefined;
      if (!mayRenew || credential === null) return answer;
      refused = credential.token;
    }
  };

  /** A renamed repository answers with where it is now. */
  const follow = async (path: string, call: Call, etag: string | null): Promise<Answer> => {
    let url = absolute(path);
    for (let hops = 0; hops < 5; hops++) {
      const answer = await ask(
        { method: "GET", url },
        call,
        etag === null ? {} : { "if-none-match": etag },
      );
      const location = answer.headers.get("location");
      if (![301, 302, 307, 308].includes(answer.status) || location === null) return answer;
      const next = new URL(location, url);
      if (next.origin !== new URL(api).origin) return answer;
      url = next.href;
    }
    throw new TransientError(`GitHub sends ${path} in a circle`);
  };

  const absolute = (path: string) =>
    path === "/graphql" ? options.graphql : path.startsWith("/") ? api + path : path;

  const parsed = <T>(answer: Answer, schema: z.ZodType<T>, what: string): T => {
    const done = results.get(answer);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema that it was parsed by gives it its type
    if (done?.schema === schema) return done.value as T;
    const result = schema.safeParse(answer.body);
    if (result.success) {
      results.set(answer, { schema, value: result.data });
      return result.data;
    }
    const [issue] = result.error.issues;
    throw new TransientError(
      `GitHub's answer to ${what} is not as documented: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
    );
  };

  const memory = createAnswerMemory(clock, follow);
  const client: GitHubClient = {
    credentials,

    async get(path, schema, call) {
      const answer = await memory.read(path, call);
      if (answer.status !== 200) throw refusalOf(answer, `GET ${path}`);
      return parsed(answer, schema, `GET ${path}`);
    },

    async pages(path, schema, call) {
      const pages = [];
      let next: string | null = path;
      while (next !== null && pages.length < maxPages) {
        const answer: Answer = await memory.read(next, call);
        if (answer.status !== 200) throw refusalOf(answer, `GET ${path}`);
        pages.push(parsed(answer, schema, `GET ${path}`));
        next = nextPage(answer.headers.get("link"));
        // A link that leads elsewhere would take the token with it.
        if (next !== null && new URL(next, api).origin !== new URL(api).origin) next = null;
      }
      return pages;
    },

    async send(method, path, body, schema, call) {
      const answer = await inTurn(call.signal, () =>
        ask({ method, url: absolute(path), body }, call),
      );
      if (answer.status >= 200 && answer.status < 300) {
        // What was read before may be otherwise now.
        memory.forget(call.repository);
        return { is: "done", value: parsed(answer, schema, `${method} ${path}`) };
      }
      if (statusesAsValues.has(answer.status))
        return { is: "refused", status: answer.status, said: saidBy(answer.body) };
      if (answer.status >= 300 && answer.status < 400)
        throw new UserError(
          `${call.repository.owner}/${call.repository.name} has moved on GitHub`,
          {
            kind: "not_found",
            tryThis: "a new task with its new name",
          },
        );
      throw refusalOf(answer, `${method} ${path}`);
    },

    async query(body, schema, call) {
      const answer = await ask({ method: "POST", url: options.graphql, body }, call);
      if (answer.status !== 200) throw refusalOf(answer, "POST /graphql");
      return parsed(answer, schema, "POST /graphql");
    },

    async locate(path, call) {
      const answer = await ask({ method: "GET", url: absolute(path) }, call);
      const location = answer.headers.get("location");
      if (answer.status === 302 && location !== null)
        return { is: "at", url: new URL(location, api).href };
      if (answer.status === 404 || answer.status === 410)
        return { is: "gone", status: answer.status };
      throw refusalOf(answer, `GET ${path}`);
    },

    left: () =>
      [...limits].flatMap(([scope, limit]) => {
        const left = limit.left();
        return left === null ? [] : [{ scope, left }];
      }),

    now: () => clock.now() - skew,
  };
  return client;
}

function nextPage(link: string | null): string | null {
  return /<([^>]+)>;[^,]*\brel="next"/.exec(link ?? "")?.[1] ?? null;
}
