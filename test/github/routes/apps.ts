import { createHash } from "node:crypto";
import { roleOfActor } from "../http/authorize.ts";
import type { Call } from "../http/call.ts";
import { numberParam, param } from "../http/call.ts";
import { page } from "../http/page.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import { route } from "../http/route.ts";
import { appJson, installationJson, privateUserJson } from "../json/account.ts";
import { repositoryJson } from "../json/repository.ts";
import { iso } from "../json/site.ts";
import type { Repository } from "../repository.ts";
import type { App, Installation, Permissions, Token } from "../token.ts";
import type { World } from "../world.ts";
import { repositoryNamed } from "../world.ts";

/** Who one is: users, apps, and the installations of these. */
export const appRoutes: Route[] = [
  route("GET /user", ({ site, actor }) => {
    if (actor.is === "nobody") throw new Refusal(401, "Requires authentication");
    if (actor.is === "app" || actor.token.installation !== undefined)
      throw new Refusal(403, "Resource not accessible by integration");
    return { body: privateUserJson(site, actor.token.account) };
  }),
  route("GET /users/{username}", (call) => {
    const account = call.world.accounts.get(param(call, "username").toLowerCase());
    if (account === undefined) throw notFound();
    return { body: privateUserJson(call.site, account) };
  }),
  route("GET /app", (call) => ({ body: appJson(call.site, appOf(call)) })),
  route("GET /app/installations", (call) => {
    const app = appOf(call);
    const { items, headers } = page(
      call,
      call.world.installations.filter((one) => one.app === app),
    );
    return { body: items.map((one) => installationJson(call.site, one)), headers };
  }),
  route("GET /app/installations/{installation_id}", (call) => ({
    body: installationJson(call.site, installationOf(call)),
  })),
  route("GET /repos/{owner}/{repo}/installation", (call) => {
    const app = appOf(call);
    const name = `${param(call, "owner")}/${param(call, "repo")}`;
    const repository = repositoryNamed(call.world, name);
    const found = call.world.installations.find(
      (one) => one.app === app && repository !== undefined && isIn(one, repository),
    );
    if (found === undefined) throw notFound();
    return { body: installationJson(call.site, found) };
  }),
  route("POST /app/installations/{installation_id}/access_tokens", (call) => {
    const installation = installationOf(call);
    if (installation.suspendedAt !== undefined)
      throw new Refusal(403, "This installation has been suspended");
    const token = newToken(call, installation);
    call.world.tokens.set(token.value, token);
    return {
      status: 201,
      body: {
        token: token.value,
        expires_at: iso(token.expiresAt),
        permissions: { metadata: "read", ...token.permissions },
        repository_selection: token.repositories === "all" ? "all" : "selected",
      },
    };
  }),
  route("GET /installation/repositories", (call) => {
    const token = call.actor.is === "token" ? call.actor.token : undefined;
    if (token?.installation === undefined)
      throw new Refusal(403, "Resource not accessible by personal access token");
    const seen = call.world.repositories.filter((one) => roleOfActor(call.actor, one) === "admin");
    const { items, headers } = page(call, seen);
    const repositories = items.map((one) => repositoryJson(call.site, one, "admin"));
    const repository_selection = token.repositories === "all" ? "all" : "selected";
    return { body: { total_count: seen.length, repository_selection, repositories }, headers };
  }),
  route("DELETE /installation/token", ({ actor }) => {
    if (actor.is !== "token" || actor.token.installation === undefined)
      throw new Refusal(401, "Requires authentication");
    actor.token.revoked = true;
    return { status: 204 };
  }),
];

function appOf({ actor }: Call): App {
  if (actor.is === "app") return actor.app;
  throw new Refusal(401, "A JSON web token could not be decoded");
}

function installationOf(call: Call): Installation {
  const app = appOf(call);
  const id = numberParam(call, "installation_id");
  const found = call.world.installations.find((one) => one.id === id && one.app === app);
  if (found === undefined) throw notFound();
  return found;
}

function isIn({ account, repositories }: Installation, { id, owner }: Repository): boolean {
  return account.login === owner.login && (repositories === "all" || repositories.includes(id));
}

/** With what the installation has, or less. More is refused. */
function newToken({ world, body, now }: Call, installation: Installation): Token {
  const asked = (body["permissions"] ?? installation.permissions) as Permissions;
  const order = ["read", "write", "admin"];
  for (const [permission, access] of Object.entries(asked)) {
    const held = permission === "metadata" ? "read" : installation.permissions[permission];
    if (held === undefined || order.indexOf(access) > order.indexOf(held))
      throw new Refusal(422, "The permissions requested are not granted to this installation.");
  }
  return {
    value: installationToken(world, installation, now),
    kind: "installation",
    account: installation.app.bot,
    scopes: [],
    permissions: asked,
    repositories: repositoriesFor(world, body, installation),
    expiresAt: now + world.tokenLifetimeMs,
    installation,
    revoked: false,
  };
}

function repositoriesFor(
  world: World,
  body: Readonly<Record<string, unknown>>,
  { account, repositories }: Installation,
): Token["repositories"] {
  const { repositories: names, repository_ids: ids } = body;
  if (!Array.isArray(names) && !Array.isArray(ids)) return repositories;
  const asked = Array.isArray(ids)
    ? ids.map(Number)
    : (names as unknown[]).map(
        (name) => repositoryNamed(world, `${account.login}/${String(name)}`)?.id ?? 0,
      );
  const isHeld = (id: number) => repositories === "all" || repositories.includes(id);
  if (asked.some((id) => !world.repositories.some((one) => one.id === id) || !isHeld(id)))
    throw new Refusal(
      422,
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  return asked;
}

/** As they are since April 2026: `ghs_`, the app, and a JWT, of no fixed length. */
function installationToken(world: World, { app, id }: Installation, now: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: "github", sub: id, jti: world.nextId(), iat: Math.floor(now / 1000) };
  const head = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
  return `ghs_${app.id}_${head}.${createHash("sha512").update(head).digest("base64url")}`;
}
