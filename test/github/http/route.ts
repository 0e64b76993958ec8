import type { Answer, Call, RepositoryCall } from "./call.ts";

/** An operation of the REST API; its path is written as in GitHub's OpenAPI description. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /**
   * What a token needs in the repository, such as `actions=read`, or one of several: `issues=write; pull_requests=write`.
   * Undefined for what is not about a repository: such a route looks itself at who asks.
   */
  readonly needs: string | undefined;
  answer(call: RepositoryCall): Answer | Promise<Answer>;
}

/** A route about one repository. */
export function repositoryRoute(
  operation: string,
  needs: string,
  answer: (call: RepositoryCall) => Answer | Promise<Answer>,
): Route {
  const [method = "", path = ""] = operation.split(" ");
  return { method, path: `/repos/{owner}/{repo}${path}`, needs, answer };
}

export function route(operation: string, answer: (call: Call) => Answer | Promise<Answer>): Route {
  const [method = "", path = ""] = operation.split(" ");
  return { method, path, needs: undefined, answer };
}

export interface Found {
  readonly route: Route;
  readonly params: Record<string, string>;
}

/** The route of a request; where several fit, the one that says most. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): Found | undefined {
  const found = routes.flatMap((one) => {
    if (one.method !== method) return [];
    const match = patternOf(one.path).exec(path);
    if (match === null) return [];
    const params = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decode(value)]);
    return [{ route: one, params: Object.fromEntries(params) as Record<string, string> }];
  });
  return found.toSorted((a, b) => specificity(b.route.path) - specificity(a.route.path))[0];
}

function patternOf(path: string): RegExp {
  const known = patterns.get(path);
  if (known !== undefined) return known;
  const source = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    mayHoldSlashes.has(name) ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`,
  );
  const pattern = new RegExp(`^${source}$`);
  patterns.set(path, pattern);
  return pattern;
}

const patterns = new Map<string, RegExp>();
const mayHoldSlashes = new Set(["branch", "ref", "path", "basehead"]);

function specificity(path: string): number {
  return path.split("/").filter((part) => !part.startsWith("{")).length;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray percent sign is taken as it is.
    return part;
  }
}
