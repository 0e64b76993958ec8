import type { FakeGitHub } from "./github.ts";

/** Any JSON: a test reads what it expects, and fails where that is not there. */
export interface Read {
  readonly [key: string]: Read;
  readonly [index: number]: Read;
}

/** An answer, as a test looks at it. */
export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Read;
}

export interface Asking {
  (operation: string, body?: unknown, headers?: Record<string, string>): Promise<Asked>;
}

/** Requests with one credential, such as `ask("GET /repos/acme/shop")`. Redirections are not followed. */
export function asking({ apiUrl }: Pick<FakeGitHub, "apiUrl">, token?: string): Asking {
  return async (operation, body, headers = {}) => {
    const [method = "GET", path = ""] = operation.split(" ");
    const url = path.startsWith("http") ? path : `${apiUrl}${path}`;
    const response = await fetch(url, {
      method,
      redirect: "manual",
      headers: {
        accept: "application/vnd.github+json",
        // So that nothing is open when the test has ended.
        connection: "close",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true && text !== "";
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as Read,
    };
  };
}

/** A text or a number of an answer, as it is written in a path. Throws for anything else. */
export function plain(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new Error(`${JSON.stringify(value)} is neither a text nor a number`);
}
