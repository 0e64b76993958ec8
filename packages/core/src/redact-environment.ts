/**
 * The values of an environment that must be redacted: of variables with a secret name, of those that `names` adds, and passwords inside URLs.
 * Mere switches and counts (`MAX_TOKENS=100000`) are none, unless `names` says so.
 */
export function secretValues(
  env: Readonly<Record<string, string | undefined>>,
  names: Iterable<string> = [],
): string[] {
  const named = new Set(names);
  const values = new Set<string>();
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === "") continue;
    if (named.has(name) || (isSecretName(name) && !/^(?:\d{1,9}|true|false)$/i.test(value)))
      values.add(value);
    const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i.exec(value)?.[1];
    if (password !== undefined) values.add(password);
  }
  return [...values];
}

/** Whether an environment variable of this name has a secret value: `AMP_API_KEY`, `npm_config__authToken`, `PGPASSWORD`; not `SSH_KEY_PATH`. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== "");
  if (places.has(words.at(-1) ?? "")) return false;
  return words.some((word) => exactly.has(word) || ending.test(word));
}

const exactly = new Set(["KEY", "KEYS", "PAT", "PASS"]);
const ending = /(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|APIKEY)S?$/;
// Where the secret lies, or how it is called: showing these helps, and a path would be cut out of every log.
const places = new Set(["FILE", "PATH", "DIR", "SOCK"]);
