import { TransientError } from "@ampx/core";

/** One question to GitHub. */
export interface Question {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
  signal: AbortSignal;
}

/** What came back: whatever its status, and whole. */
export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed; null when there is none. */
  body: unknown;
  /** As GitHub's clock has it; null when it does not say. */
  date: number | null;
}

const timeoutMs = 30_000;
const maxBytes = 32 * 1024 * 1024;

/**
 * Asks once and never again: whoever asked looks what has happened before asking anew. Follows no redirect. Throws the signal's reason,
 * or a `TransientError` where no whole answer came: the network, a cut body, a page of a proxy in the place of JSON.
 */
export async function exchange(question: Question): Promise<Answer> {
  const { method, url, headers, body, signal } = question;
  signal.throwIfAborted();
  const { pathname, host } = new URL(url);
  const what = `${method} ${pathname} of ${host}`;
  try {
    const response = await fetch(url, {
      method,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      headers: {
        accept: "application/vnd.github+json",
        "x-github-api-version": "2022-11-28",
        "user-agent": "ampx",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await readText(response, what);
    const date = Date.parse(response.headers.get("date") ?? "");
    return {
      status: response.status,
      headers: response.headers,
      body: parsed(text, response, what),
      date: Number.isNaN(date) ? null : date,
    };
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof TransientError) throw cause;
    const why = cause instanceof Error ? reasonOf(cause) : String(cause);
    throw new TransientError(`GitHub could not be asked (${what}): ${why}`, { cause });
  }
}

async function readText(response: Response, what: string): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  const chunks: AsyncIterable<Uint8Array> = response.body;
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxBytes) throw new TransientError(`the answer to ${what} is too long`);
  }
  return text + decoder.decode();
}

function parsed(text: string, response: Response, what: string): unknown {
  if (text.trim() === "") return null;
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch (cause) {
    // An error may be told in words; a success that is no JSON is not from GitHub.
    if (response.status >= 400) return { message: text.slice(0, 500) };
    if (response.status >= 300) return null;
    const type = response.headers.get("content-type") ?? "an unknown type";
    throw new TransientError(`the answer to ${what} is not JSON but ${type}`, { cause });
  }
}

function reasonOf(error: Error): string {
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs / 1_000} s`;
  const { cause } = error;
  return cause instanceof Error ? cause.message || error.message : error.message;
}
