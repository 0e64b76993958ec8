import { createHash } from "node:crypto";
import type { Site } from "../json/site.ts";
import { fullName, type Repository } from "../repository.ts";
import type { World } from "../world.ts";
import { repositoryNamed } from "../world.ts";
import { authenticate, credential } from "./authenticate.ts";
import { authorize, roleOfActor } from "./authorize.ts";
import type { Actor, Answer, Call, RepositoryCall } from "./call.ts";
import type { Budget, Limits } from "./limits.ts";
import { forNobody, giveBack, limitHeaders, newBudget, spend } from "./limits.ts";
import { errorBody, notFound, Refusal } from "./refusal.ts";
import type { LoggedRequest } from "./request-log.ts";
import type { Route } from "./route.ts";
import { findRoute } from "./route.ts";

/** A request as it arrived. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly site: Site;
}

/** An answer that is ready to be written. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
}

export interface Rest {
  readonly world: World;
  readonly routes: readonly Route[];
  readonly limits: Limits;
  readonly budgets: Map<string, Budget>;
}

/** Answers one request: who asks, the limits, the route, the permission, the answer, whether it has changed. */
export async function answerRest(
  rest: Rest,
  request: RestRequest,
  logged: LoggedRequest,
): Promise<RestAnswer> {
  const { world } = rest;
  const isNobody = credential(request.headers["authorization"]) === undefined;
  const limits = isNobody ? forNobody(rest.limits) : rest.limits;
  const now = world.schedule.now();
  const budget = budgetOf(rest, credential(request.headers["authorization"]), now);
  const free = request.path === "/rate_limit";
  const common = () => ({
    ...limitHeaders(budget, limits, now),
    "x-github-media-type": "github.v3; format=json",
    "x-github-request-id": `F00D:${world.nextId().toString(16).toUpperCase()}`,
    date: new Date(now).toUTCString(),
  });
  try {
    const actor = authenticate(world, request.headers["authorization"]);
    logged.by = nameOf(actor);
    if (!free) {
      spend(budget, limits, request.method, now);
      logged.counted = true;
    }
    const {
      status = 200,
      body,
      headers = {},
    } = await answer({ ...rest, limits }, request, actor, budget, logged);
    const text = body === undefined ? "" : Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const etag = `W/"${createHash("sha256").update(text).digest("hex")}"`;
    if (request.method === "GET" && status === 200 && request.headers["if-none-match"] === etag) {
      giveBack(budget);
      logged.counted = false;
      return { status: 304, headers: { ...common(), ...tokenHeaders(actor), etag }, body: "" };
    }
    const content = text === "" ? {} : { "content-type": "application/json; charset=utf-8" };
    const tag = request.method === "GET" && status === 200 ? { etag } : {};
    const all = { ...common(), ...tokenHeaders(actor), ...content, ...tag, ...headers };
    return { status, headers: all, body: text };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const type = { "content-type": "application/json; charset=utf-8" };
    return {
      status: error.status,
      headers: { ...common(), ...type, ...error.headers },
      body: JSON.stringify(errorBody(error)),
    };
  }
}

/** All tokens of a person share one budget, and all of an installation another. */
function budgetOf(
  { budgets, world }: Rest,
  credentialGiven: string | undefined,
  now: number,
): Budget {
  const token = world.tokens.get(credentialGiven ?? "");
  const key =
    token === undefined
      ? (credentialGiven ?? "nobody")
      : token.installation === undefined
        ? `account ${token.account.id}`
        : `installation ${token.installation.id}`;
  const known = budgets.get(key);
  if (known !== undefined) return known;
  const budget = newBudget(now);
  budgets.set(key, budget);
  return budget;
}

async function answer(
  rest: Rest,
  { method, path: asked, query, body, site }: RestRequest,
  actor: Actor,
  budget: Budget,
  logged: LoggedRequest,
): Promise<Answer> {
  const { world, routes } = rest;
  if (asked === "/rate_limit") return rateLimit(rest, budget);
  const path = byName(world, asked);
  const found = findRoute(routes, method, path);
  if (found === undefined) throw notFound();
  logged.route = found.route.path;
  const call: Call = {
    world,
    site,
    actor,
    params: found.params,
    query,
    path,
    now: world.schedule.now(),
    body: jsonBody(body),
  };
  // The handler of a route without `needs` looks at none of these.
  if (found.route.needs === undefined) return found.route.answer(call as RepositoryCall);

  const { owner = "", repo = "" } = found.params;
  const repository = repositoryNamed(world, `${owner}/${repo}`);
  if (repository === undefined)
    return moved(world, site, actor, method, path, `${owner}/${repo}`, query);
  const account = authorize(actor, repository, found.route.needs);
  if (repository.archived && method !== "GET")
    throw new Refusal(403, "Repository was archived so is read-only.");
  return found.route.answer({ ...call, repository, account });
}

/** Addresses by the repository's number are those by its name. */
function byName(world: World, path: string): string {
  const [, id, rest = ""] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const repository = world.repositories.find((one) => String(one.id) === id);
  return repository === undefined ? path : `/repos/${fullName(repository)}${rest}`;
}

/** A renamed repository leads to its number, for those who may see it. */
function moved(
  world: World,
  site: Site,
  actor: Actor,
  method: string,
  path: string,
  name: string,
  query: URLSearchParams,
): Answer {
  const former = (one: Repository) =>
    one.formerNames.some((old) => old.toLowerCase() === name.toLowerCase());
  const repository = world.repositories.find(former);
  if (repository === undefined || roleOfActor(actor, repository) === "none") throw notFound();
  const rest = path.split("/").slice(4).join("/");
  const asked = query.size === 0 ? "" : `?${query.toString()}`;
  const url = `${site.api}/repositories/${repository.id}${rest === "" ? "" : `/${rest}`}${asked}`;
  const isRead = method === "GET";
  return {
    status: isRead ? 301 : 307,
    headers: { location: url },
    body: {
      message: isRead ? "Moved Permanently" : "Temporary Redirect",
      url,
      documentation_url:
        "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects",
    },
  };
}

function rateLimit({ limits, world }: Rest, budget: Budget): Answer {
  const headers = limitHeaders(budget, limits, world.schedule.now());
  const core = {
    limit: Number(headers["x-ratelimit-limit"]),
    remaining: Number(headers["x-ratelimit-remaining"]),
    reset: Number(headers["x-ratelimit-reset"]),
    used: Number(headers["x-ratelimit-used"]),
  };
  return { body: { resources: { core, search: core, graphql: core }, rate: core } };
}

function jsonBody(body: string): Record<string, unknown> {
  if (body === "") return {};
  try {
    const value = JSON.parse(body) as unknown;
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Refused below, as any body that is no object.
  }
  throw new Refusal(400, "Problems parsing JSON");
}

/** What GitHub tells of the token in every answer. */
function tokenHeaders(actor: Actor): Record<string, string> {
  if (actor.is !== "token") return {};
  const { kind, scopes, expiresAt } = actor.token;
  const hasScopes = kind === "classic" || kind === "oauth";
  const until = expiresAt === undefined ? undefined : new Date(expiresAt).toISOString();
  return {
    ...(hasScopes && { "x-oauth-scopes": scopes.join(", ") }),
    ...(until !== undefined &&
      kind !== "installation" && {
        "github-authentication-token-expiration": until
          .replace("T", " ")
          .replace(/\.\d+Z$/, " UTC"),
      }),
  };
}

function nameOf(actor: Actor): string | undefined {
  if (actor.is === "app") return actor.app.slug;
  return actor.is === "token" ? actor.token.account.login : undefined;
}
