import { createHmac } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Store } from "@ampx/store";
import { describe, expect, it } from "vitest";
import {
  type ApiUnderTest,
  type Answer,
  problemIn,
  sendTo,
  startTestApi,
  until,
} from "./fixture.ts";

const webhookSecret = "what-only-github-knows";
const sha = "a".repeat(40);
const repository = { full_name: "Acme/shop", html_url: "https://github.com/Acme/shop" };
const runEnded = { action: "completed", workflow_run: { head_sha: sha }, repository };

interface Sending {
  event?: string;
  secret?: string;
  headers?: Record<string, string>;
  without?: string[];
  path?: string;
}

/** As GitHub sends it: under a public name, and without the API's token. */
function deliver(at: ApiUnderTest, payload: unknown, sending: Sending = {}): Promise<Answer> {
  const { event = "workflow_run", secret = webhookSecret, path = "/webhooks/github" } = sending;
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  return sendTo(at.api.port, "POST", path, {
    body,
    headers: {
      Host: "hooks.example.org",
      "X-GitHub-Event": event,
      "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      "X-Hub-Signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
      ...sending.headers,
    },
    without: ["Authorization", ...(sending.without ?? [])],
  });
}

/** Somebody who announces a webhook of this size, and sends no more of it. */
async function beginning(at: ApiUnderTest, size: number): Promise<Socket> {
  const socket = connect(at.api.port, "127.0.0.1");
  await once(socket, "connect");
  const head = ["POST /webhooks/github HTTP/1.1", "Host: x", "X-GitHub-Event: push"];
  const fields = ["Content-Type: application/json", `Content-Length: ${size}`];
  socket.write([...head, ...fields, "", "{"].join("\r\n"));
  return socket;
}

const start = () => startTestApi({ webhookSecret, now: () => 5_000 });

describe("a webhook", () => {
  it("hurries the tasks that it is about, under any name of the server and without a token", async () => {
    const told: [Parameters<Store["hurry"]>[0], number][] = [];
    await using at = await start();
    const { store } = at;
    at.deps.store = {
      ...store,
      hurry: (news, now) => {
        told.push([news, now]);
        return store.hurry(news, now);
      },
    };
    await using listening = await startTestApi(at.deps);
    const answer = await deliver(listening, runEnded);
    expect([answer.status, answer.text]).toEqual([202, '{"hurried":0}\n']);
    expect(told).toMatchObject([
      [{ repository: "github.com/acme/shop", shas: [sha], branches: [] }, 5_000],
    ]);
    const isOf = told[0]?.[0].isOf ?? (() => false);
    expect(
      [
        "https://github.com/acme/Shop.git",
        "ssh://git@github.com/acme/shop.git",
        "git@github.com:acme/shop",
      ].filter((repo) => !isOf(repo)),
    ).toEqual([]);
    expect(
      [
        "https://git.acme.test/acme/shop.git",
        "https://github.com/acme/shop2.git",
        "acme/shop",
        "/repos/acme/shop",
      ].filter((repo) => isOf(repo)),
    ).toEqual([]);
  });

  it("that comes again hurries again, and does nothing else", async () => {
    await using at = await start();
    await deliver(at, runEnded);
    const before = await at.store.lastEventId();
    expect((await deliver(at, runEnded)).status).toBe(202);
    expect(await at.store.lastEventId()).toBe(before);
    expect(await at.store.webhookOfRunsAt("github.com/acme/shop")).toBe(5_000);
  });

  it.each<[string, unknown, string, number]>([
    ["a ping", { zen: "Keep it logically awesome.", hook_id: 1 }, "ping", 200],
    ["an event that nobody knows", { repository }, "moon_phase", 202],
    ["an event of no repository", { action: "created" }, "installation", 202],
    ["an event that lacks its facts", { repository }, "workflow_run", 202],
    ["a payload that is no object", "[]", "workflow_run", 202],
  ])("that is %s is taken", async (_, payload, event, status) => {
    await using at = await start();
    const answer = await deliver(at, payload, { event });
    expect([answer.status, answer.text]).toEqual([status, '{"hurried":0}\n']);
    expect(at.bugs).toEqual([]);
  });

  it.each<[string, unknown, Sending, number, string]>([
    ["another signature", runEnded, { secret: "guessed" }, 401, "bad-signature"],
    ["no signature", runEnded, { without: ["X-Hub-Signature-256"] }, 401, "bad-signature"],
    ["no event", runEnded, { without: ["X-GitHub-Event"] }, 400, "bad-request"],
    ["a name that is none", runEnded, { event: "a b" }, 400, "bad-request"],
    ["a body that is no JSON", "payload=1", {}, 400, "malformed-json"],
    ["no body", "", {}, 400, "malformed-json"],
    [
      "a form",
      "payload=%7B%7D",
      { headers: { "Content-Type": "application/x-www-form-urlencoded" } },
      415,
      "unsupported-media-type",
    ],
  ])("with %s is refused, and hurries nothing", async (_, payload, sending, status, type) => {
    await using at = await start();
    const problem = problemIn(await deliver(at, payload, sending));
    expect(problem).toMatchObject({ status, type: `urn:ampx:problem:${type}` });
    expect(JSON.stringify(problem)).not.toContain(webhookSecret);
    expect(await at.store.webhookOfRunsAt("github.com/acme/shop")).toBeNull();
    expect(at.bugs).toEqual([]);
  });

  it("is taken up to the 25 MB that GitHub sends, and refused above", async () => {
    await using at = await start();
    const text = JSON.stringify(runEnded);
    const most = 25 * 1024 * 1024;
    expect((await deliver(at, text.padEnd(most))).status).toBe(202);
    const headers = { "Content-Length": String(most + 1) };
    const answer = await deliver(at, text, { headers });
    expect(problemIn(answer)).toMatchObject({ status: 413 });
  });

  it("is refused for a while where strangers hold the room, who cannot hold it all", async () => {
    await using at = await start();
    const strangers = await Promise.all([1, 2, 3].map(() => beginning(at, 25 * 1024 * 1024)));
    const [first] = await Promise.race(strangers.map((socket) => once(socket, "data")));
    expect(String(first)).toMatch(/^HTTP\/1\.1 503 .*urn:ampx:problem:unavailable/s);
    for (const socket of strangers) socket.destroy();
    // As soon as the server has noticed that they are gone.
    await until(async () => (await deliver(at, runEnded)).status === 202);
  });

  it("is refused by a server without a secret, with what to do", async () => {
    await using at = await startTestApi();
    expect(problemIn(await deliver(at, runEnded))).toMatchObject({
      status: 404,
      type: "urn:ampx:problem:webhooks-off",
      try_this: expect.stringContaining("AMPX_GITHUB_WEBHOOK_SECRET"),
    });
  });
});

it("nothing but the webhooks' own route is open to other names of the server", async () => {
  await using at = await start();
  expect((await deliver(at, runEnded, { path: "/api/webhooks/github" })).status).toBe(202);
  for (const path of [
    "/webhooks/github/",
    "/webhooks",
    "/webhooks/github/../../tasks",
    "/Webhooks/github",
    "/webhooks//github",
    "/tasks",
    "/status",
    "/healthz",
  ])
    expect(problemIn(await deliver(at, runEnded, { path })).status, path).toBe(403);
  const headers = { Host: "hooks.example.org" };
  for (const method of ["GET", "OPTIONS", "PATCH", "HEAD"]) {
    const answer = await at.send(method, "/webhooks/github", { headers });
    expect(answer.status, method).toBe(403);
  }
});
