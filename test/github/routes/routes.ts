import type { Route } from "../http/route.ts";
import type { LogStore } from "../logs/log-store.ts";
import { actionsRoutes } from "./actions.ts";
import { appRoutes } from "./apps.ts";
import { branchRuleRoutes } from "./branch-rules.ts";
import { checkRoutes } from "./checks.ts";
import { gitDataRoutes } from "./git-data.ts";
import { graphqlRoutes } from "./graphql.ts";
import { issueRoutes } from "./issues.ts";
import { logRoutes } from "./logs.ts";
import { pullRoutes } from "./pulls.ts";
import { repositoryRoutes } from "./repositories.ts";
import { reviewRoutes } from "./reviews.ts";
import { rootRoutes } from "./root.ts";
import { statusRoutes } from "./statuses.ts";

/** Every operation of the REST API that there is. */
export function routes(logs: LogStore): Route[] {
  return [
    ...rootRoutes,
    ...appRoutes,
    ...repositoryRoutes,
    ...gitDataRoutes,
    ...branchRuleRoutes,
    ...actionsRoutes,
    ...logRoutes(logs),
    ...checkRoutes,
    ...statusRoutes,
    ...pullRoutes,
    ...reviewRoutes,
    ...issueRoutes,
    ...graphqlRoutes,
  ];
}
