/** Where a GitHub is reached. */
export interface GitHubHost {
  /** What people open, without a slash at the end: `https://github.com`. */
  web: string;
  /** The REST API, without a slash at the end. */
  api: string;
  graphql: string;
}

/** The addresses of github.com, of a tenant of it, or of a GitHub Enterprise Server. */
export function gitHubHost(url: string): GitHubHost {
  const web = new URL(url);
  const origin = web.origin;
  const host = web.hostname.toLowerCase();
  if (host === "github.com" || host.endsWith(".ghe.com"))
    return { web: origin, api: `https://api.${host}`, graphql: `https://api.${host}/graphql` };
  return { web: origin, api: `${origin}/api/v3`, graphql: `${origin}/api/graphql` };
}
