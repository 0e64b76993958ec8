import { spawn } from "node:child_process";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { gitEnv } from "./git.ts";

/** What `git http-backend` is to be asked. */
export interface Backend {
  readonly folder: string;
  /** After the repository, such as `/info/refs`. */
  readonly pathInfo: string;
  readonly query: string;
  readonly user: string;
  readonly env: Record<string, string>;
}

/**
 * Serves one request of git by git's own CGI program, over streams. Where there is a `beforeAnswer`, the answer is held
 * back until it has ended, so that whoever asked sees its effects, and is not sent where it resolves to false. Returns the
 * status.
 */
export async function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  { folder, pathInfo, query, user, env }: Backend,
  beforeAnswer?: () => Promise<boolean>,
): Promise<number> {
  const { headers, method = "GET" } = request;
  const unzipped = headers["content-encoding"] === "gzip" ? request.pipe(createGunzip()) : request;
  const backend = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      PATH: process.env["PATH"],
      ...gitEnv,
      ...env,
      GIT_PROJECT_ROOT: join(folder),
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: pathInfo,
      QUERY_STRING: query,
      REQUEST_METHOD: method,
      CONTENT_TYPE: headers["content-type"] ?? "",
      REMOTE_USER: user,
      ...(typeof headers["git-protocol"] === "string" && { GIT_PROTOCOL: headers["git-protocol"] }),
    },
  });
  const ended = once(backend, "close");
  // Git may end before it has read all; whoever sends learns it from the answer.
  backend.stdin.on("error", () => {});
  unzipped.pipe(backend.stdin);
  response.on("close", () => backend.kill());

  const head = await headOf(backend.stdout);
  if (head === undefined) {
    await ended;
    response.writeHead(500).end();
    return 500;
  }
  const held: Buffer[] = [];
  if (beforeAnswer === undefined) writeHead(response, head.text);
  for await (const chunk of chunksOf(head.rest, backend.stdout))
    if (beforeAnswer === undefined) response.write(chunk);
    else held.push(chunk);
  await ended;
  if (beforeAnswer === undefined) response.end();
  else if (await beforeAnswer()) {
    writeHead(response, head.text);
    response.end(Buffer.concat(held));
  }
  return response.statusCode;
}

/** Up to the empty line; undefined where git ended before it. */
async function headOf(stdout: Readable): Promise<{ text: string; rest: Buffer } | undefined> {
  let read = Buffer.alloc(0);
  for await (const chunk of stdout.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    read = Buffer.concat([read, chunk]);
    const end = read.indexOf("\r\n\r\n");
    if (end !== -1) return { text: read.subarray(0, end).toString(), rest: read.subarray(end + 4) };
  }
  return undefined;
}

async function* chunksOf(first: Buffer, stdout: Readable): AsyncGenerator<Buffer> {
  yield first;
  yield* stdout as AsyncIterable<Buffer>;
}

function writeHead(response: ServerResponse, head: string): void {
  let status = 200;
  for (const line of head.split("\r\n")) {
    const [name = "", value = ""] = line.split(/:\s*/, 2);
    if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status);
}
