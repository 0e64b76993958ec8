import { Refusal } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import { route } from "../http/route.ts";

/** `gh auth status` asks here whether a token is good. */
export const rootRoutes: Route[] = [
  route("GET /", ({ site, actor }) => {
    if (actor.is === "nobody") throw new Refusal(401, "Requires authentication");
    return {
      body: Object.fromEntries(
        places.map(([name, path]) => [`${name}_url`, `${site.api}/${path}`]),
      ),
    };
  }),
];

const places: readonly (readonly [name: string, path: string])[] = [
  ["current_user", "user"],
  ["current_user_authorizations_html", "settings/connections/applications{/client_id}"],
  ["authorizations", "authorizations"],
  ["code_search", "search/code?q={query}{&page,per_page,sort,order}"],
  ["commit_search", "search/commits?q={query}{&page,per_page,sort,order}"],
  ["emails", "user/emails"],
  ["emojis", "emojis"],
  ["events", "events"],
  ["feeds", "feeds"],
  ["followers", "user/followers"],
  ["following", "user/following{/target}"],
  ["gists", "gists{/gist_id}"],
  ["issue_search", "search/issues?q={query}{&page,per_page,sort,order}"],
  ["issues", "issues"],
  ["keys", "user/keys"],
  ["label_search", "search/labels?q={query}&repository_id={repository_id}{&page,per_page}"],
  ["notifications", "notifications"],
  ["organization", "orgs/{org}"],
  ["organization_repositories", "orgs/{org}/repos{?type,page,per_page,sort}"],
  ["organization_teams", "orgs/{org}/teams"],
  ["public_gists", "gists/public"],
  ["rate_limit", "rate_limit"],
  ["repository", "repos/{owner}/{repo}"],
  ["repository_search", "search/repositories?q={query}{&page,per_page,sort,order}"],
  ["current_user_repositories", "user/repos{?type,page,per_page,sort}"],
  ["starred", "user/starred{/owner}{/repo}"],
  ["starred_gists", "gists/starred"],
  ["user", "users/{user}"],
  ["user_organizations", "user/orgs"],
  ["user_repositories", "users/{user}/repos{?type,page,per_page,sort}"],
  ["user_search", "search/users?q={query}{&page,per_page,sort,order}"],
];
