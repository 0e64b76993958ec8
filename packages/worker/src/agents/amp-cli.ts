import { join } from "node:path";
import { type InstalledProgram, readProgram } from "./installed-program.ts";
import { textOf } from "./text-of.ts";

/** The variables of the environment that Amp reads. */
export const ampVariables = ["AMP_API_KEY", "AMP_URL"];

/** Asks the Amp CLI itself. */
export function readAmpCli(
  command: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<InstalledProgram> {
  return readProgram("amp", command, { ...env, AMP_SKIP_UPDATE_CHECK: "1" }, signal);
}

/** Whether there is a key, in the environment or from a login. Reads Amp's file itself: without a key Amp waits for a login whenever it is asked. */
export async function ampIsSignedIn(env: Record<string, string>): Promise<boolean> {
  if ((env["AMP_API_KEY"] ?? "") !== "") return true;
  const secrets = await textOf(join(env["HOME"] ?? "/", ".local/share/amp/secrets.json"));
  return /"apiKey@[^"]*"\s*:\s*"[^"]/.test(secrets ?? "");
}

/** What may stand in the way of Amp, and what to do about it. */
export const ampProblems = {
  notInstalled: (name: string) => ({
    what: `the Amp CLI ("${name}") is not installed`,
    tryThis:
      "see https://ampcode.com/manual for how to install it, or set agents.amp.command to its path",
  }),
  notSignedIn: {
    what: "Amp is not signed in: AMP_API_KEY is not set in the worker's environment, and there is no login of its user",
    tryThis:
      "run `amp login` as the user of the server, or start the server with AMP_API_KEY set, a key of https://ampcode.com/settings",
  },
  faulty: (fault: string) => ({
    what: `the Amp CLI does not run: ${fault}`,
    tryThis: /native binary not installed/i.test(fault)
      ? "its platform package is missing: install a version whose package for this platform is published, with optional dependencies"
      : "run it by hand to see what is wrong, and reinstall it",
  }),
};
