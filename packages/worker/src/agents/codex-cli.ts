import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { askProgram } from "./ask-program.ts";

/** What an installed Codex CLI tells of itself. */
export interface CodexCli {
  version: string | null;
  /** Why it cannot run, in its own words. */
  fault: string | null;
}

/** Asks the program itself. */
export async function readCodexCli(
  command: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<CodexCli> {
  const { CODEX_HOME: _person, ...rest } = env;
  const { text, fault } = await askProgram(command, ["--version"], rest, signal);
  if (fault !== null) return { version: null, fault: `codex ${fault}` };
  return { version: /\d+\.\d+\.\S+/.exec(text)?.[0] ?? null, fault };
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

/**
 * Whether somebody is signed in, or the configuration names a provider of the person's own. Reads Codex's files itself, for Codex
 * makes some whenever it is asked.
 */
export async function codexIsSignedIn(env: Record<string, string>): Promise<boolean> {
  if (logins.some((name) => (env[name] ?? "") !== "")) return true;
  const home = env["CODEX_HOME"] ?? join(env["HOME"] ?? "/", ".codex");
  if ((await textOf(join(home, "auth.json"))).trim() !== "") return true;
  const config = await textOf(join(home, "config.toml"));
  // Logins may be kept in a keyring, which only Codex reads: it is not kept from trying.
  return /^\s*(?:model_provider\s*=|cli_auth_credentials_store\s*=\s*"(?:keyring|auto)")/m.test(
    config,
  );
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch {
    // Not there, or not for us: then Codex cannot read it either.
    return "";
  }
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
