import { describe, expect, it } from "vitest";
import { problemIn, startTestApi, token } from "./fixture.ts";

const foreignHosts = [
  "evil.example",
  "evil.example:PORT",
  "127.0.0.1.nip.io:PORT",
  "127.0.0.1",
  "localhost",
  "localhost:1",
  "localhost.:PORT",
  "127.1:PORT",
  "127.0.0.2:PORT",
  "0.0.0.0:PORT",
  "[::1]",
  "localhost:PORT@evil.example",
  "localhost:PORT,evil.example",
  "",
];
const foreignOrigins = [
  "null",
  "http://evil.example",
  "http://localhost:PORT.evil.example",
  "https://localhost:PORT",
  "http://localhost",
  "http://127.0.0.1:1",
  "file://",
  "",
];

describe("who sends", () => {
  it("is answered under each name of loopback with the right port", async () => {
    await using at = await startTestApi();
    for (const host of ["127.0.0.1", "localhost", "LocalHost", "[::1]"]) {
      const { status } = await at.send("GET", "/status", {
        headers: { Host: `${host}:${at.api.port}` },
      });
      expect(status, host).toBe(200);
    }
  });

  it("is refused under every other Host, with and without a token, on every route", async () => {
    await using at = await startTestApi();
    for (const path of ["/healthz", "/status", "/nothing", "/api/tasks"]) {
      for (const host of foreignHosts) {
        const headers = { Host: host.replace("PORT", String(at.api.port)) };
        for (const without of [[], ["Authorization"]]) {
          const answer = await at.send("GET", path, { headers, without });
          expect(problemIn(answer).type, `${path} ${host}`).toBe("urn:ampx:problem:foreign-host");
          expect(answer.status).toBe(403);
        }
      }
    }
    expect(problemIn(await at.send("GET", "/status", { without: ["Host"] })).type).toBe(
      "urn:ampx:problem:foreign-host",
    );
  });

  it("is refused from every other Origin, also before a preflight, and never told that it may read", async () => {
    await using at = await startTestApi();
    for (const method of ["GET", "POST", "OPTIONS"]) {
      for (const origin of foreignOrigins) {
        const headers = { Origin: origin.replace("PORT", String(at.api.port)) };
        const answer = await at.send(method, "/tasks", {
          headers,
          ...(method === "POST" ? { body: {} } : {}),
        });
        expect(problemIn(answer), `${method} ${origin}`).toMatchObject({
          status: 403,
          type: "urn:ampx:problem:foreign-origin",
        });
        expect(
          Object.keys(answer.headers).filter((name) => name.startsWith("access-control")),
        ).toEqual([]);
      }
    }
  });

  it("is answered from the server's own origin", async () => {
    await using at = await startTestApi();
    for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
      const headers = { Origin: `http://${host}:${at.api.port}` };
      expect((await at.send("GET", "/tasks", { headers })).status).toBe(200);
    }
  });
});

describe("the token", () => {
  it("is asked for on every route but /healthz, before anything is said of the route", async () => {
    await using at = await startTestApi();
    const wrong = [
      "",
      "Bearer",
      "Bearer ",
      `Basic ${token}`,
      token,
      "Bearer wrong",
      `Bearer ${token}x`,
      `Bearer ${token} x`,
      `Bearer ${token.slice(1)}`,
    ];
    const routes = [
      "POST /tasks",
      "GET /tasks",
      "GET /tasks/x",
      "PATCH /tasks/x",
      "GET /tasks/x/logs",
      "GET /tasks/x/events",
    ];
    for (const route of [
      ...routes,
      "GET /events",
      "GET /status",
      "GET /openapi.json",
      "GET /nothing",
      "DELETE /tasks",
      "GET /",
    ]) {
      const [method = "", path = ""] = route.split(" ");
      for (const prefix of ["", "/api"]) {
        const missing = await at.send(method, prefix + path, { without: ["Authorization"] });
        expect(problemIn(missing), route).toMatchObject({
          status: 401,
          type: "urn:ampx:problem:unauthorized",
        });
        expect(missing.headers["www-authenticate"]).toBe("Bearer");
      }
      for (const authorization of wrong) {
        const answer = await at.send(method, path, { headers: { Authorization: authorization } });
        expect(problemIn(answer).status, `${route} ${authorization}`).toBe(401);
        expect(answer.text).not.toContain(token.slice(1));
      }
    }
  });

  it("is taken whatever the case of its scheme", async () => {
    await using at = await startTestApi();
    expect(
      (await at.send("GET", "/status", { headers: { Authorization: `bearer ${token}` } })).status,
    ).toBe(200);
  });

  it("is not needed for /healthz, which tells nothing else", async () => {
    await using at = await startTestApi();
    for (const path of ["/healthz", "/api/healthz"]) {
      const answer = await at.send("GET", path, { without: ["Authorization"] });
      expect([answer.status, answer.text]).toEqual([200, '{"status":"ok"}\n']);
    }
  });
});
