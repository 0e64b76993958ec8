import type { Route } from "../http/route.ts";
import type { LogStore } from "../logs/log-store.ts";
import { actionsRoutes } from "./actions.ts";
import { appRoutes } from "./apps.ts";
import { checkRoutes } from "./checks.ts";
import { graphqlRoutes } from "./graphql.ts";
import { issueRoutes } from "./issues.ts";
import { logRoutes } from "./logs.ts";
import { pullRoutes } from "./pulls.ts";
import { repositoryRoutes } from "./repositories.ts";
import { reviewRoutes } from "./reviews.ts";
import { rootRoutes } from "./root.ts";

/** Every operation of the REST API that there is. */
export function routes(logs: LogStore): Route[] {
  return [
    ...rootRoutes,
    ...appRoutes,
    ...repositoryRoutes,
    ...actionsRoutes,
    ...logRoutes(logs),
    ...checkRoutes,
    ...pullRoutes,
    ...reviewRoutes,
    ...issueRoutes,
    ...graphqlRoutes,
  ];
}
