import { connect } from "node:net";
import { bodyBytes } from "./body-bytes.ts";

export interface Request {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: string;
  /** Ends the connection if nothing at all arrives for this long, in ms. */
  idleMs: number;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  /** Names in lower case. */
  headers: ReadonlyMap<string, string>;
  body: AsyncIterable<Buffer>;
}

/**
 * One HTTP/1.1 request on a connection of its own, to a server on this machine. Plain sockets because `node:http` and `fetch` each
 * take longer to load than everything else that `ampx ls` does; see docs/decisions. Throws what the socket throws.
 */
export async function exchange(request: Request): Promise<Answer> {
  request.signal?.throwIfAborted();
  const head = headOf(request);
  const socket = connect({
    host: request.url.hostname,
    port: Number(request.url.port),
    ...(request.signal && { signal: request.signal }),
  });
  socket.setTimeout(request.idleMs, () =>
    socket.destroy(new Error(`nothing arrived for ${request.idleMs / 1000} s`)),
  );
  // Whoever reads learns of it; an error that comes while nobody does must not end the process.
  socket.on("error", () => undefined);
  socket.write(head + (request.body ?? ""));
  const chunks: AsyncIterator<Buffer> = socket[Symbol.asyncIterator]();
  try {
    const { answer, rest } = await readHead(chunks);
    return { ...answer, body: bodyBytes(answer.headers, rest, chunks) };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function headOf({ method, url, headers, body }: Request): string {
  const all: Record<string, string> = { host: url.host, connection: "close", ...headers };
  if (body !== undefined) all["content-length"] = String(Buffer.byteLength(body));
  const lines = Object.entries(all).map(([name, value]) => {
    if (/[\r\n]/.test(value)) throw new Error(`header ${name} holds a line break`);
    return `${name}: ${value}`;
  });
  return `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

const maxHeadBytes = 64 * 1024;

async function readHead(
  chunks: AsyncIterator<Buffer>,
): Promise<{ answer: Omit<Answer, "body">; rest: Buffer }> {
  let seen = Buffer.alloc(0);
  for (;;) {
    const end = seen.indexOf("\r\n\r\n");
    if (end >= 0)
      return { answer: parseHead(seen.toString("latin1", 0, end)), rest: seen.subarray(end + 4) };
    if (seen.length > maxHeadBytes) throw new Error("the answer's head is too long");
    const next = await chunks.next();
    if (next.done === true) throw new Error("the connection ended before an answer");
    seen = Buffer.concat([seen, next.value]);
  }
}

function parseHead(text: string): Omit<Answer, "body"> {
  const [first = "", ...lines] = text.split("\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1];
  if (status === undefined) throw new Error("the answer is not HTTP");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { status: Number(status), headers };
}
