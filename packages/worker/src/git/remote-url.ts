/** Whether git would take it for an address on another machine: `scheme://…` or `host:path`. */
export function isRemote(address: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(address) || /^[^/\s]+:/.test(address);
}

/** Whether the address is of a repository on GitHub, in any of the forms that git takes. */
export function isGitHub(address: string): boolean {
  const host = hostOf(address);
  return host !== null && /(^|\.)(github\.com|ghe\.com)$/.test(host);
}

function hostOf(address: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address))
    return URL.parse(address)?.hostname.toLowerCase() ?? null;
  const host = /^(?:[^@/\s]+@)?([^:/\s]+):/.exec(address)?.[1];
  return host?.toLowerCase() ?? null;
}
