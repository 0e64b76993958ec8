import type { Account } from "../account.ts";
import type { Site } from "../json/site.ts";
import type { Repository } from "../repository.ts";
import type { App, Token } from "../token.ts";
import type { World } from "../world.ts";
import { Refusal } from "./refusal.ts";

/** Who asks: nobody, an app by its JWT, or whoever a token stands for. */
export type Actor =
  | { readonly is: "nobody" }
  | { readonly is: "app"; readonly app: App }
  | { readonly is: "token"; readonly token: Token };

/** A request that has found its route. */
export interface Call {
  readonly world: World;
  readonly site: Site;
  readonly actor: Actor;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** The path as asked, without the prefix of the API. */
  readonly path: string;
  readonly now: number;
}

/** One under `/repos/{owner}/{repo}`, for somebody who may. */
export interface RepositoryCall extends Call {
  readonly repository: Repository;
  /** Empty only for public reading by nobody. */
  readonly account: Account;
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** A part of the path. Missing only by a mistake in a route. */
export function param({ params }: Call, name: string): string {
  const value = params[name];
  if (value === undefined) throw new Error(`The route has no {${name}}`);
  return value;
}

export function numberParam(call: Call, name: string): number {
  const value = Number(param(call, name));
  if (!Number.isSafeInteger(value)) throw new Refusal(404, "Not Found");
  return value;
}

/** A text of the body; undefined where it is missing or null. Another type is refused as GitHub does. */
export function text({ body }: Call, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string")
    throw invalid(`For 'properties/${name}', ${JSON.stringify(value)} is not a string.`);
  return value;
}

export function requiredText(call: Call, name: string): string {
  const value = text(call, name);
  if (value === undefined) throw invalid(`"${name}" wasn't supplied.`);
  return value;
}

export function texts({ body }: Call, name: string): string[] | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value))
    throw invalid(`For 'properties/${name}', ${JSON.stringify(value)} is not an array.`);
  return value.map((one: unknown) =>
    typeof one === "object" && one !== null && "name" in one ? String(one.name) : String(one),
  );
}

function invalid(what: string): Refusal {
  return new Refusal(422, `Invalid request.\n\n${what}`);
}
