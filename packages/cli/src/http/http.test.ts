import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { apiRequest } from "./api-request.ts";
import { exchange } from "./exchange.ts";
import { followEvents } from "./follow-events.ts";
import { serverSentEvents } from "./server-sent-events.ts";

describe("an exchange", () => {
  test("sends method, path, headers and body, and reads status, headers and body", async () => {
    await using server = await serving((req, res) => {
      const parts: Buffer[] = [];
      req.on("data", (part: Buffer) => parts.push(part));
      req.on("end", () => {
        res.setHeader(
          "X-Seen",
          `${req.method} ${req.url} ${String(req.headers["x-mine"])} ${req.headers.host}`,
        );
        res.statusCode = 201;
        res.end(Buffer.concat(parts));
      });
    });
    const answer = await exchange({
      method: "POST",
      url: new URL("/a?b=1", server.url),
      headers: { "x-mine": "m" },
      body: "Grüße",
      idleMs: 5_000,
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("x-seen")).toBe(`POST /a?b=1 m ${new URL(server.url).host}`);
    expect(await text(answer.body)).toBe("Grüße");
  });

  test("joins the chunks of a body of any size, wherever the network cuts them", async () => {
    const big = "0123456789abcdef".repeat(100_000);
    await using server = await serving((_req, res) => {
      for (let at = 0; at < big.length; at += 99_991) res.write(big.slice(at, at + 99_991));
      res.end();
    });
    expect(await text((await exchange(get(server.url))).body)).toBe(big);
  });

  test("is not told that a body was whole when it was cut off", async () => {
    for (const answer of [
      "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel",
    ]) {
      await using server = await answering(answer);
      const { body } = await exchange(get(server.url));
      await expect(text(body)).rejects.toThrow("cut off");
    }
  });

  test("fails on what is no HTTP, on silence and on nobody", async () => {
    await using other = await answering("SSH-2.0-OpenSSH\r\n\r\n");
    await expect(exchange(get(other.url))).rejects.toThrow("not HTTP");
    await using silent = await answering(undefined);
    await expect(exchange({ ...get(silent.url), idleMs: 50 })).rejects.toThrow("nothing arrived");
    await expect(exchange(get("http://127.0.0.1:1"))).rejects.toThrow("ECONNREFUSED");
  });

  test("refuses a header that would end the head", async () => {
    await expect(
      exchange({ ...get("http://127.0.0.1:1"), headers: { a: "b\r\nc: d" } }),
    ).rejects.toThrow("line break");
  });
});

describe("server-sent events", () => {
  test("are read whatever the line breaks, comments and cuts", async () => {
    const bytes = Buffer.from(
      "retry: 10\nid: 4\n\n:\n\nid: 5\ndata: ä\r\ndata: b\r\n\r\ndata:c\n\nid: 9\ndata: lost",
    );
    const events = [];
    for await (const event of serverSentEvents(bytewise(bytes))) events.push(event);
    expect(events).toEqual([
      { id: "4", data: "" },
      { id: "5", data: "ä\nb" },
      { id: "", data: "c" },
    ]);
  });

  test("go on after the newest one when the connection breaks, on another port, too", async () => {
    const asked: (string | undefined)[] = [];
    const events: RequestListener = (req, res) => {
      const after = req.headers["last-event-id"];
      asked.push(typeof after === "string" ? after : undefined);
      const next = Number(after ?? 0) + 1;
      res.writeHead(200, { "content-type": "text/event-stream" });
      res.write(`id: ${next}\ndata: ${next}\n\n`);
      setTimeout(() => res.destroy(), 5);
    };
    await using first = await serving(events);
    await using second = await serving(events);
    const stop = new AbortController();
    const addresses = [first.url, "http://127.0.0.1:1", second.url];
    const seen: string[] = [];
    const address = () => Promise.resolve({ url: addresses.shift() ?? second.url, token: "t" });
    for await (const event of followEvents(address, () => "/events", stop.signal)) {
      if (event !== undefined) seen.push(event.data);
      if (seen.length === 4) stop.abort();
    }
    expect(seen).toEqual(["1", "2", "3", "4"]);
    expect(asked).toEqual([undefined, "1", "2", "3"]);
  });

  test("end with what the API refuses", async () => {
    await using server = await serving((_req, res) => {
      res.writeHead(404, { "content-type": "application/problem+json" });
      res.end(JSON.stringify({ type: "t", title: "t", status: 404, detail: "No such task" }));
    });
    const stop = new AbortController();
    const reading = async () => {
      for await (const _event of followEvents(
        () => Promise.resolve({ url: server.url, token: "t" }),
        () => "/events",
        stop.signal,
      ));
    };
    await expect(reading()).rejects.toMatchObject({ kind: "not_found", message: "No such task" });
  });
});

describe("a problem that the API tells", () => {
  test.each([
    [400, "urn:ampx:problem:bad-request", "invalid"],
    [401, "urn:ampx:problem:unauthorized", "unauthorized"],
    [404, "urn:ampx:problem:not-found", "not_found"],
    [409, "urn:ampx:problem:conflict", "conflict"],
    [409, "urn:ampx:problem:ambiguous-id", "invalid"],
    [422, "urn:ampx:problem:invalid", "invalid"],
    [500, "urn:ampx:problem:internal", "failed"],
    [503, "urn:ampx:problem:unavailable", "unreachable"],
  ])("%i %s is an error of kind %3$s with what to try", async (status, type, kind) => {
    await using server = await serving((_req, res) => {
      res.statusCode = status;
      res.end(
        JSON.stringify({
          type,
          title: "t",
          status,
          detail: "What failed",
          try_this: "something else",
        }),
      );
    });
    const asked = apiRequest({ url: server.url, token: "t" }, { path: "/" });
    await expect(asked).rejects.toMatchObject({
      name: "UserError",
      kind,
      message: "What failed",
      tryThis: "something else",
    });
  });

  test("names the fields that are not accepted", async () => {
    await using server = await serving((_req, res) => {
      res.statusCode = 422;
      res.end(
        JSON.stringify({
          type: "t",
          title: "t",
          status: 422,
          detail: "Not valid",
          errors: [{ field: "base", message: "must not be empty" }],
        }),
      );
    });
    await expect(apiRequest({ url: server.url, token: "t" }, { path: "/" })).rejects.toThrow(
      "Not valid (base: must not be empty)",
    );
  });

  test("of another server is told by its status", async () => {
    await using server = await serving((_req, res) => {
      res.statusCode = 502;
      res.end("<html>");
    });
    await expect(apiRequest({ url: server.url, token: "t" }, { path: "/" })).rejects.toThrow(
      `The ampx server at ${server.url} answered 502`,
    );
  });
});

interface Served extends AsyncDisposable {
  url: string;
}

async function serving(listener: RequestListener): Promise<Served> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return served(server.address() as AddressInfo, async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
}

/** Answers every connection with these bytes and its end; or, without them, not at all. */
async function answering(bytes: string | undefined): Promise<Served> {
  const open = new Set<Socket>();
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    if (bytes !== undefined) socket.once("data", () => socket.end(bytes));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return served(server.address() as AddressInfo, async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await once(server, "close");
  });
}

function served({ port }: AddressInfo, close: () => Promise<void>): Served {
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}

function get(url: string) {
  return { method: "GET", url: new URL(url), headers: {}, idleMs: 5_000 };
}

async function text(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function* bytewise(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
}
