import { markVariable } from "../process-tree.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What `ci.sh` inherits: enough to find tools, caches and the network. No key, no token, nothing of git's. */
const inherited = new Set(
  [
    "PATH HOME USER LOGNAME SHELL TZ LANG LANGUAGE",
    "XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_RUNTIME_DIR",
    "HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS",
    "JAVA_HOME GOPATH GOROOT CARGO_HOME RUSTUP_HOME NVM_DIR PNPM_HOME VOLTA_HOME",
  ].flatMap((line) => line.split(" ")),
);

/** The environment of `ci.sh`. `tmp` is a folder of the run, gone with it. */
export function scriptEnvironment(
  env: Environment,
  run: { mark: string; tmp: string },
): Record<string, string> {
  return { ...allowed(env), CI: "true", TMPDIR: run.tmp, [markVariable]: run.mark };
}

/** The environment of a runner that the worker starts. Secrets stay in it: the runner must know them to keep them out of the log. */
export function runnerEnvironment(env: Environment, mark: string): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !name.startsWith("GIT_")) kept[name] = value;
  }
  return { ...kept, [markVariable]: mark };
}

function allowed(env: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue;
    if (inherited.has(name) || inherited.has(name.toUpperCase()) || name.startsWith("LC_"))
      kept[name] = value;
  }
  return kept;
}
