/** A repository on GitHub, by name. */
export interface RepositoryName {
  owner: string;
  name: string;
}

export interface GitHubAddress extends RepositoryName {
  /** How git was meant to reach it; `name`: as `owner/name`, so in any way. */
  over: "https" | "ssh" | "name";
}

/**
 * The repository that an address means on the GitHub at `web`: `owner/name`, an https or ssh URL, or what git takes for ssh
 * (`git@github.com:owner/name.git`). Null for what is no address of a repository there.
 */
export function parseGitHubAddress(text: string, web: string): GitHubAddress | null {
  const input = text.trim();
  const host = new URL(web).host.toLowerCase();
  const short = /^([^/\s:@]+)\/([^/\s:@]+)$/.exec(input);
  if (short !== null) return named(short[1], short[2], "name");
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(input)) {
    const url = URL.parse(input);
    if (url === null) return null;
    const isHere =
      url.protocol === "ssh:" ? isSshHost(url.hostname, host) : url.host.toLowerCase() === host;
    if (!isHere || !/^(?:https?|ssh|git):$/.test(url.protocol)) return null;
    const [owner, name, ...rest] = url.pathname.split("/").filter((part) => part !== "");
    return rest.length > 0 ? null : named(owner, name, url.protocol === "ssh:" ? "ssh" : "https");
  }
  const scp = /^(?:[^@/\s]+@)?([^:/\s]+):\/?([^/\s]+)\/([^/\s]+?)\/?$/.exec(input);
  if (scp === null || !isSshHost(scp[1] ?? "", host)) return null;
  return named(scp[2], scp[3], "ssh");
}

function isSshHost(name: string, host: string): boolean {
  const bare = host.replace(/:\d+$/, "");
  return [bare, `ssh.${bare}`].includes(name.toLowerCase());
}

function named(
  owner: string | undefined,
  given: string | undefined,
  over: GitHubAddress["over"],
): GitHubAddress | null {
  const name = given?.replace(/\.git$/, "");
  if (owner === undefined || name === undefined) return null;
  const isName = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(owner) && /^[A-Za-z0-9_.-]+$/.test(name);
  return isName && name !== "." && name !== ".." ? { owner, name, over } : null;
}

/** One name for a repository however its address is written: `github.com/acme/shop`. GitHub takes upper and lower case for the same. */
export function repositoryKey(web: string, { owner, name }: RepositoryName): string {
  return `${new URL(web).host}/${owner}/${name}`.toLowerCase();
}
