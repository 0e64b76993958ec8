import type { Account } from "../account.ts";
import type { App, Installation } from "../token.ts";
import type { Site } from "./site.ts";
import { iso, nodeId } from "./site.ts";

export function accountJson({ api, html }: Site, { id, login, type }: Account) {
  const url = `${api}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId("U", id),
    avatar_url: `${html}/avatars/u/${id}?v=4`,
    gravatar_id: "",
    url,
    html_url: `${html}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: "public",
    site_admin: false,
  };
}

/** What `GET /user` adds. */
export function privateUserJson(site: Site, account: Account) {
  const born = iso(Date.UTC(2020, 0, 1));
  return {
    ...accountJson(site, account),
    name: account.login,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: born,
    updated_at: born,
  };
}

export function appJson(
  site: Site,
  app: Pick<App, "id" | "slug" | "name" | "clientId" | "owner" | "createdAt" | "permissions">,
) {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId("A", app.id),
    owner: accountJson(site, app.owner),
    name: app.name,
    description: "",
    external_url: `${site.html}/apps/${app.slug}`,
    html_url: `${site.html}/apps/${app.slug}`,
    created_at: iso(app.createdAt),
    updated_at: iso(app.createdAt),
    permissions: app.permissions,
    events: ["push", "pull_request"],
  };
}

export function installationJson(site: Site, installation: Installation) {
  const { id, app, account, repositories, permissions, suspendedAt, createdAt } = installation;
  return {
    id,
    client_id: app.clientId,
    account: accountJson(site, account),
    repository_selection: repositories === "all" ? "all" : "selected",
    access_tokens_url: `${site.api}/app/installations/${id}/access_tokens`,
    repositories_url: `${site.api}/installation/repositories`,
    html_url: `${site.html}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: { metadata: "read", ...permissions },
    events: ["push", "pull_request"],
    created_at: iso(createdAt),
    updated_at: iso(createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: suspendedAt === undefined ? null : accountJson(site, account),
    suspended_at: iso(suspendedAt),
  };
}
