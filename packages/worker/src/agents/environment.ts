/** What any program needs to run, find its files and reach the network; nothing that is a secret of somebody else. */
const allowed = new Set([
  "PATH",
  "HOME",
  "LANG",
  "TZ",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
  ...["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [
    name,
    name.toLowerCase(),
  ]),
]);

/**
 * The environment that an agent gets: the allowed part of the worker's own, and `names` of it besides. Everything else,
 * above all the worker's credentials, stays away from the agent and the tools that it runs.
 */
export function agentEnvironment(
  own: NodeJS.ProcessEnv,
  names: Iterable<string>,
): Record<string, string> {
  const added = new Set(names);
  const given = Object.entries(own).flatMap(([name, value]) =>
    value !== undefined && (allowed.has(name) || name.startsWith("LC_") || added.has(name))
      ? [[name, value] as const]
      : [],
  );
  return { ...Object.fromEntries(given), TERM: "dumb" };
}
