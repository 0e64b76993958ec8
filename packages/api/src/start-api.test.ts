import { once } from "node:events";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { ServerStatus } from "@ampx/core";
import { thisProcess } from "@ampx/store";
import { describe, expect, it } from "vitest";
import { able, startTestApi, token } from "./fixture.ts";
import { startApi } from "./start-api.ts";

describe("the port", () => {
  it("is the next free one when the wanted one is taken", async () => {
    await using at = await startTestApi();
    const first = await startApi(at.deps, at.api.port);
    const second = await startApi(at.deps, at.api.port);
    expect(first.port).toBeGreaterThan(at.api.port);
    expect(second.port).toBeGreaterThan(first.port);
    expect(second.url).toBe(`http://127.0.0.1:${second.port}`);
    expect((await fetch(`${second.url}/healthz`)).status).toBe(200);
    await Promise.all([first.close(), second.close(), second.close()]);
  });

  it("is open on loopback only", async () => {
    await using at = await startTestApi();
    // Free on every other address of the machine.
    const other = createServer().listen({ host: "127.0.0.2", port: at.api.port, exclusive: true });
    await once(other, "listening");
    other.close();
    await once(other, "close");
  });
});

describe("what is not HTTP", () => {
  const raw: [name: string, bytes: string, status: number][] = [
    ["garbage", "\x16\x03\x01 hello\r\n\r\n", 400],
    [
      "two Hosts",
      "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
      403,
    ],
    ["no Host in HTTP/1.0", "GET /healthz HTTP/1.0\r\n\r\n", 403],
    [
      "a smuggled length",
      "POST /tasks HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      400,
    ],
    [
      "a head of 20 KiB",
      `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nX: ${"x".repeat(20_480)}\r\n\r\n`,
      431,
    ],
  ];

  it.each(raw)("is answered with a problem: %s", async (_name, bytes, status) => {
    await using at = await startTestApi();
    const answer = await exchange(at.api.port, bytes.replaceAll("PORT", String(at.api.port)));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain("application/problem+json");
    expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")))).toMatchObject({ status });
  });

  it("is cut off when its head or its body comes too slowly", async () => {
    await using at = await startTestApi({ patienceMs: 200 });
    const head = `POST /tasks HTTP/1.1\r\nHost: 127.0.0.1:${at.api.port}\r\nAuthorization: Bearer ${token}\r\n`;
    const body = `${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n`;
    for (const [start, drop] of [
      [head, "X: y\r\n"],
      [body, " "],
    ] as const) {
      const socket = connect(at.api.port, "127.0.0.1");
      socket.on("error", () => {}); // writes into a connection that the server has closed
      socket.write(start);
      const drip = setInterval(() => socket.write(drop), 50);
      // Ends only when the server ends the connection.
      const answer = await text(socket).catch(() => "");
      clearInterval(drip);
      socket.destroy();
      expect(answer).toMatch(/^(HTTP\/1.1 408 [^]*request-timeout[^]*)?$/);
    }
    expect(at.bugs).toEqual([]);
  });
});

it("answers further requests over the same connection", async () => {
  await using at = await startTestApi();
  const one = `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${at.api.port}\r\n`;
  const answer = await exchange(at.api.port, `${one}\r\n${one}Connection: close\r\n\r\n`);
  expect(answer.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2);
});

it("tells how the server is", async () => {
  await using at = await startTestApi();
  await at.create();
  const holder = { host: "here", pid: 42, startedAt: "1" };
  const problems = [{ what: "not installed", tryThis: "npm i -g amp" }];
  const agents = [{ name: "amp", command: "/usr/bin/amp", version: "1", problems, can: able }];
  await at.store.reportWorker({ id: "w1", holder, aliveAt: Date.now(), slots: 3, agents });
  await at.store.reportWorker({
    id: "gone",
    holder,
    aliveAt: Date.now() - 3_600_000,
    slots: 3,
    agents: [],
  });
  // It has ended since; that it reported in the future is the clock's fault, which was set back.
  await at.store.reportWorker({
    id: "ended",
    holder: { ...thisProcess(), pid: 2 ** 22 + 1 },
    aliveAt: Date.now() + 3_600_000,
    slots: 3,
    agents: [],
  });
  const status = ServerStatus.parse(JSON.parse((await at.send("GET", "/status")).text));
  expect(status).toMatchObject({
    version: "1.2.3",
    home: at.deps.home,
    workers: [
      {
        id: "w1",
        pid: 42,
        host: "here",
        slots: 3,
        busy: 0,
        agents: [{ name: "amp", problems: [{ what: "not installed", try_this: "npm i -g amp" }] }],
      },
    ],
    tasks: { queued: 1 },
  });
});

async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes);
  const answer = await text(socket);
  socket.destroy();
  return answer;
}
