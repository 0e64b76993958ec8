import express, {
  type ErrorRequestHandler,
  type Express,
  type RequestHandler,
  type Router,
} from "express";
import type { ApiDeps, ApiLogger } from "./api-deps.ts";
import { checkSender, tokenCheck } from "./guard.ts";
import { asProblem, ProblemError } from "./problem.ts";
import type { Route, RouteDeps } from "./route.ts";
import { routes } from "./routes.ts";
import { sendProblem, setSafeHeaders } from "./send.ts";

/** The API as a request listener. `closing` ends its streams when the server is about to end. */
export function createApi(
  deps: ApiDeps,
  closing: AbortSignal = new AbortController().signal,
): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);
  app.set("case sensitive routing", true);

  const router = routerOf(routes, { ...deps, closing });
  app.use(firstOf(routes));
  app.use("/api", router);
  app.use(router);
  app.use(() => {
    throw new ProblemError("not_found", "There is no such route.", {
      tryThis: "GET /openapi.json",
    });
  });
  app.use(lastResort(deps.logger));
  return app;
}

function firstOf(all: Route[]): RequestHandler {
  const signed = new Set(
    all
      .filter((route) => route.signed === true)
      .flatMap(({ method, path }) =>
        ["", "/api"].map((prefix) => `${method.toUpperCase()} ${prefix}${path}`),
      ),
  );
  return (req, res, next) => {
    setSafeHeaders(res);
    // A proxy's absolute target or `OPTIONS *`: nothing of ours.
    if (!req.originalUrl.startsWith("/"))
      throw new ProblemError("bad_request", "The request target must be a path.");
    if (!signed.has(`${req.method} ${req.path}`)) checkSender(req);
    next();
  };
}

/** The token is asked for before a route is looked for: who has none does not learn which there are. */
function routerOf(all: Route[], deps: RouteDeps): Router {
  const router = express.Router({ caseSensitive: true });
  addPaths(
    router,
    all.filter((route) => route.open === true),
    deps,
  );
  const checkToken = tokenCheck(deps.token);
  router.use((req, _res, next) => {
    checkToken(req);
    next();
  });
  addPaths(
    router,
    all.filter((route) => route.open !== true),
    deps,
  );
  return router;
}

function addPaths(router: Router, all: Route[], deps: RouteDeps): void {
  for (const [path, methods] of Map.groupBy(all, (route) => route.path)) {
    const route = router.route(path.replaceAll(/\{(\w+)\}/g, ":$1"));
    for (const { method, handle } of methods) route[method]((req, res) => handle(req, res, deps));
    route.all(otherMethods(methods.map(({ method }) => method)));
  }
}

function otherMethods(methods: Route["method"][]): RequestHandler {
  const allow = [
    ...methods.map((method) => method.toUpperCase()),
    ...(methods.includes("get") ? ["HEAD"] : []),
    "OPTIONS",
  ].join(", ");
  return (req, res) => {
    if (req.method !== "OPTIONS")
      throw new ProblemError("method_not_allowed", `Allowed: ${allow}.`, {
        headers: { Allow: allow },
      });
    res.status(204).setHeader("Allow", allow).end();
  };
}

function lastResort(logger: ApiLogger): ErrorRequestHandler {
  // The router tells an error handler from the others by its four parameters.
  return (error: unknown, req, res, _next) => {
    const gone = res.closed || req.socket.destroyed;
    const answer = asProblem(error);
    if (answer.problem.status === 500 && !gone)
      logger.error(`${req.method} ${routeOf(req.route)}`, error);
    if (gone) return;
    if (res.headersSent) res.destroy();
    else sendProblem(res, answer);
  };
}

/** The route's pattern: the path itself may hold what does not belong in a log. */
function routeOf(route: unknown): string {
  return typeof route === "object" && route !== null && "path" in route
    ? String(route.path)
    : "(no route)";
}
