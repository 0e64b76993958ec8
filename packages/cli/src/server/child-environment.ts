import { isSecretName } from "@ampx/core/redact-environment";

// What a program needs to find its files, to speak the user's language, and to run git. No credentials: those belong to the worker.
const passed = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "TZ",
  "TMPDIR",
  "TEMP",
  "TMP",
  "TERM",
  "NO_COLOR",
  "NODE_EXTRA_CA_CERTS",
  "NODE_COMPILE_CACHE",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "XDG_RUNTIME_DIR",
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_SYSTEM",
  "GIT_CONFIG_NOSYSTEM",
  "GIT_CEILING_DIRECTORIES",
]);

/** What GitHub signs webhooks with: the API's own to check, and nobody else's. */
export const webhookSecretName = "AMPX_GITHUB_WEBHOOK_SECRET";

/** The environment of the API: an allow-list, so that no key of an agent or of a forge is ever in it. Of what is secret, and of `secretNames`, only that of webhooks goes in. */
export function apiEnvironment(env: NodeJS.ProcessEnv, secretNames: string[]): NodeJS.ProcessEnv {
  const isAllowed = (name: string) =>
    passed.has(name) || name.startsWith("LC_") || name.startsWith("AMPX_");
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) =>
        name === webhookSecretName ||
        (isAllowed(name) && !isSecretName(name) && !secretNames.includes(name)),
    ),
  );
}
