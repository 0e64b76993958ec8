import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** One recorded exchange, as WireMock writes it. */
interface Recorded {
  insertionIndex?: number;
  request: { method: string; url: string };
  response: {
    status: number;
    bodyFileName?: string;
    body?: string;
    headers?: Record<string, string | string[]>;
  };
}

export interface RecordedServer extends AsyncDisposable {
  url: string;
  /** What was recorded, in order, by method and path without the query. */
  exchanges: readonly { method: string; path: string; status: number }[];
  asked: readonly { method: string; path: string; headers: IncomingHttpHeaders }[];
}

/**
 * Answers as GitHub has answered, one recorded scenario: what was asked more than once in order, the last answer again and again. The query
 * of a request does not matter. Redirections to other hosts of the recording lead to `/elsewhere` here.
 */
export async function startRecorded(folders: readonly string[]): Promise<RecordedServer> {
  const answers = new Map<string, Recorded[]>();
  const exchanges: { method: string; path: string; status: number }[] = [];
  const bodies = new Map<Recorded, Buffer>();
  for (const [at, folder] of folders.entries()) {
    for (const recorded of await readMappings(folder)) {
      const { request, response } = recorded;
      const path = (at === 0 ? "" : "/elsewhere") + pathOf(request.url);
      const key = `${request.method} ${path}`;
      answers.set(key, [...(answers.get(key) ?? []), recorded]);
      exchanges.push({ method: request.method, path, status: response.status });
      const { bodyFileName: file, body = "" } = response;
      const content =
        file === undefined ? Buffer.from(body) : await readFile(join(folder, "__files", file));
      bodies.set(recorded, content);
    }
  }
  const asked: { method: string; path: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    const { method = "", headers } = request;
    const path = pathOf(request.url ?? "");
    asked.push({ method, path, headers });
    const queue = answers.get(`${method} ${path}`);
    const recorded = queue !== undefined && queue.length > 1 ? queue.shift() : queue?.[0];
    if (recorded === undefined) {
      response.writeHead(404, { "content-type": "application/json" });
      response.end('{"message":"Not recorded"}');
      return;
    }
    const { status, headers: sent = {} } = recorded.response;
    for (const [name, value] of Object.entries(sent)) {
      if (/^(content-length|content-encoding|transfer-encoding)$/i.test(name)) continue;
      const isLocation = name.toLowerCase() === "location" && typeof value === "string";
      response.setHeader(name, isLocation ? `${url}/elsewhere${pathOf(value)}` : value);
    }
    response.writeHead(status).end(bodies.get(recorded));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    exchanges,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function readMappings(folder: string): Promise<Recorded[]> {
  const names = await readdir(join(folder, "mappings"));
  const all: Recorded[] = [];
  for (const name of names)
    all.push(JSON.parse(await readFile(join(folder, "mappings", name), "utf8")) as Recorded);
  return all.toSorted((a, b) => (a.insertionIndex ?? 0) - (b.insertionIndex ?? 0));
}

function pathOf(url: string): string {
  return new URL(url, "http://recorded").pathname;
}
