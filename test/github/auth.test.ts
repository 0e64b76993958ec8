import { createSign } from "node:crypto";
import { expect, test } from "vitest";
import { asking, plain } from "./asking.ts";
import { startGitHub } from "./github.ts";
import type { Permissions } from "./token.ts";

const start = Date.UTC(2026, 0, 1);

async function installed(permissions: Permissions = { contents: "write", checks: "read" }) {
  const github = await startGitHub({ now: () => start });
  const repository = await github.createRepository("acme/shop");
  await github.createRepository("acme/other");
  const app = github.createApp({ permissions });
  const installation = app.install("acme", { repositories: ["acme/shop"] });
  const asApp = (claims = {}, key = app.privateKey) => asking(github, jwt(app.appId, key, claims));
  const newToken = (body = {}) =>
    asApp()(`POST /app/installations/${installation}/access_tokens`, body);
  return {
    github,
    repository,
    app,
    installation,
    asApp,
    newToken,
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  };
}

test("an app finds the installation of a repository, and gets a token that is good for an hour", async () => {
  await using world = await installed();
  const { github, asApp, installation, newToken } = world;
  const found = await asApp()("GET /repos/acme/shop/installation");
  const { status, body } = await newToken();
  const ask = asking(github, plain(body["token"]));

  expect(found.body).toMatchObject({
    id: installation,
    permissions: { contents: "write", metadata: "read" },
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    expires_at: "2026-01-01T01:00:00Z",
    repository_selection: "selected",
  });
  expect(body["token"]).toMatch(/^ghs_\d+_eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(await ask("GET /repos/acme/shop")).toMatchObject({ status: 200 });
  await github.advance(3_600_000);
  expect(await ask("GET /repos/acme/shop")).toMatchObject({
    status: 401,
    body: { message: "Bad credentials" },
  });
});

test("a token of an installation reaches its repositories, and what it was permitted there", async () => {
  await using world = await installed();
  const { github, newToken } = world;
  const ask = asking(github, plain((await newToken()).body["token"]));

  const refused = await ask("GET /repos/acme/shop/actions/runs");

  expect(refused).toMatchObject({
    status: 403,
    body: { message: "Resource not accessible by integration" },
  });
  expect(refused.headers.get("x-accepted-github-permissions")).toBe("actions=read");
  expect(await ask("GET /repos/acme/other")).toMatchObject({ status: 404 });
  expect(await ask("GET /repos/acme/shop/branches")).toMatchObject({ status: 200 });
  expect((await ask("GET /installation/repositories")).body).toMatchObject({ total_count: 1 });
});

test("a token can be asked for with less, and not with more", async () => {
  await using world = await installed();
  const { newToken } = world;
  expect((await newToken({ permissions: { contents: "read" } })).body["permissions"]).toEqual({
    contents: "read",
    metadata: "read",
  });
  expect(await newToken({ permissions: { actions: "read" } })).toMatchObject({ status: 422 });
  expect(await newToken({ repositories: ["other"] })).toMatchObject({ status: 422 });
});

test.each([
  ["the key of another app", {}, "other", 401],
  ["an issuer that is no app", { iss: 1 }, "own", 404],
  ["an end more than ten minutes away", { exp: start / 1000 + 700 }, "own", 401],
  ["an end that has passed", { exp: start / 1000 - 1 }, "own", 401],
  [
    "a beginning in the future, as of a clock that is ahead",
    { iat: start / 1000 + 60 },
    "own",
    401,
  ],
] as const)("a JWT with %s is refused", async (_, claims, key, status) => {
  await using world = await installed();
  const { app, github, asApp } = world;
  const other = github.createApp({ slug: "other", permissions: {} });
  const ask = asApp(claims, key === "own" ? app.privateKey : other.privateKey);
  expect(await ask("GET /app")).toMatchObject({ status });
});

test("a suspended installation gives no token, and those it gave work no more until it is resumed", async () => {
  await using world = await installed();
  const { github, app, installation, newToken } = world;
  const ask = asking(github, plain((await newToken()).body["token"]));
  app.suspend(installation);

  expect(await newToken()).toMatchObject({ status: 403 });
  expect(await ask("GET /repos/acme/shop")).toMatchObject({ status: 403 });
  app.unsuspend(installation);
  expect(await ask("GET /repos/acme/shop")).toMatchObject({ status: 200 });
});

test("a personal token says what it may and until when, and stops when it is revoked", async () => {
  await using world = await installed();
  const { github } = world;
  const token = github.createToken({ login: "acme", scopes: ["repo"], lifetimeMs: 60_000 });
  const ask = asking(github, token);

  const { headers, body } = await ask("GET /user");
  github.revokeToken(token);

  expect(body).toMatchObject({ login: "acme", type: "User" });
  expect(headers.get("x-oauth-scopes")).toBe("repo");
  expect(headers.get("github-authentication-token-expiration")).toBe("2026-01-01 00:01:00 UTC");
  expect(await ask("GET /user")).toMatchObject({ status: 401 });
});

test("a fine-grained token never reads checks, and reads what it was given", async () => {
  await using world = await installed();
  const { github, repository } = world;
  const sha = (await repository.sha("main"))!;
  const given = { login: "acme", kind: "fine-grained", permissions: { actions: "read" } } as const;
  const ask = asking(github, github.createToken(given));

  expect(await ask(`GET /repos/acme/shop/commits/${sha}/check-runs`)).toMatchObject({
    status: 403,
    body: { message: "Resource not accessible by personal access token" },
  });
  expect(await ask("GET /repos/acme/shop/actions/runs")).toMatchObject({ status: 200 });
  expect(() => github.createToken({ ...given, permissions: { checks: "read" } })).toThrow("checks");
});

test("what somebody may is what the repository lets them", async () => {
  await using world = await installed();
  const { github, repository } = world;
  repository.collaborator("reader", "read");
  const ask = (login: string) => asking(github, github.createToken({ login }));
  const open = (login: string) =>
    ask(login)("POST /repos/acme/shop/statuses/x", { state: "success" });

  expect(await ask("stranger")("GET /repos/acme/shop")).toMatchObject({ status: 404 });
  expect(await open("reader")).toMatchObject({ status: 403 });
  expect((await ask("reader")("GET /repos/acme/shop")).body["permissions"]).toMatchObject({
    pull: true,
    push: false,
  });
  expect(
    (await ask("acme")("GET /repos/acme/shop/collaborators/reader/permission")).body,
  ).toMatchObject({ permission: "read" });
  repository.setPrivate(false);
  expect(await ask("stranger")("GET /repos/acme/shop")).toMatchObject({ status: 200 });
});

function jwt(appId: number, key: string, claims: object): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const seconds = start / 1000;
  const payload = { iss: appId, iat: seconds - 60, exp: seconds + 540, ...claims };
  const head = `${part({ alg: "RS256", typ: "JWT" })}.${part(payload)}`;
  return `${head}.${createSign("RSA-SHA256").update(head).sign(key, "base64url")}`;
}
