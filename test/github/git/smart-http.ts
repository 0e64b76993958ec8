import { spawn } from "node:child_process";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
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
 * Serves one request of git by git's own CGI program, over streams. The answer ends when `beforeEnd` has, so that whoever
 * asked sees its effects. Returns the status.
 */
export async function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  { folder, pathInfo, query, user, env }: Backend,
  beforeEnd: () => Promise<void> = () => Promise.resolve(),
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

  let status = 200;
  let head = Buffer.alloc(0);
  let isBody = false;
  for await (const chunk of backend.stdout as AsyncIterable<Buffer>) {
    if (isBody) {
      response.write(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end === -1) continue;
    isBody = true;
    status = writeHead(response, head.subarray(0, end).toString());
    response.write(head.subarray(end + 4));
  }
  await ended;
  await beforeEnd();
  if (!isBody) response.writeHead(500);
  response.end();
  return isBody ? status : 500;
}

function writeHead(response: ServerResponse, head: string): number {
  let status = 200;
  for (const line of head.split("\r\n")) {
    const [name = "", value = ""] = line.split(/:\s*/, 2);
    if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status);
  return status;
}
