import { join } from "node:path";
import { type InstalledProgram, readVersion } from "./installed-program.ts";
import { textOf } from "./text-of.ts";

/** Asks the Codex CLI itself, without a trace in the person's folder. */
export function readCodexCli(
  command: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<Pick<InstalledProgram, "version" | "fault">> {
  const { CODEX_HOME: _person, ...rest } = env;
  return readVersion("codex", command, rest, signal);
}

/** What stands for a login in the environment. */
const logins = ["CODEX_API_KEY", "CODEX_ACCESS_TOKEN"];

/** The variables of the environment that Codex reads. `OPENAI_API_KEY` is no login, but many providers in its configuration name it. */
export const codexVariables = [
  ...logins,
  "OPENAI_API_KEY",
  "CODEX_HOME",
  "CODEX_SQLITE_HOME",
  "CODEX_CA_CERTIFICATE",
];

/** Codex's folder. */
export function codexHome(env: NodeJS.ProcessEnv): string {
  return env["CODEX_HOME"] ?? join(env["HOME"] ?? "/", ".codex");
}

/**
 * Whether somebody is signed in, or the configuration names a provider of the person's own. Reads Codex's files itself, for Codex
 * makes some whenever it is asked.
 */
export async function codexIsSignedIn(env: Record<string, string>): Promise<boolean> {
  if (logins.some((name) => (env[name] ?? "") !== "")) return true;
  const home = codexHome(env);
  if ((await textOf(join(home, "auth.json")))?.trim()) return true;
  const config = (await textOf(join(home, "config.toml"))) ?? "";
  // Logins may be kept in a keyring, which only Codex reads: it is not kept from trying.
  return /^\s*(?:model_provider\s*=|cli_auth_credentials_store\s*=\s*"(?:keyring|auto)")/m.test(
    config,
  );
}

/** What may stand in the way of Codex, and what to do about it. */
export const codexProblems = {
  notInstalled: (name: string) => ({
    what: `the Codex CLI ("${name}") is not installed`,
    tryThis:
      "see https://developers.openai.com/codex/cli for how to install it, or set agents.codex.command to its path",
  }),
  notSignedIn: {
    what: "Codex is not signed in",
    tryThis:
      "run `codex login` as the user of the server, or start the server with CODEX_API_KEY set",
  },
  faulty: (fault: string) => ({
    what: `the Codex CLI does not run: ${fault}`,
    tryThis: "run it by hand to see what is wrong, and reinstall it",
  }),
};
