import { askProgram } from "./ask-program.ts";

/** What an installed program tells of itself. */
export interface InstalledProgram {
  version: string | null;
  /** The options that its help names; generations differ in them. */
  flags: ReadonlySet<string>;
  /** Why it cannot run, in its own words. */
  fault: string | null;
}

/** Asks the program itself: its name, age or version number say nothing reliable. `program` is its name in a fault's words. */
export async function readProgram(
  program: string,
  command: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<InstalledProgram> {
  const [{ version, fault }, help] = await Promise.all([
    readVersion(program, command, env, signal),
    readFlags(program, command, ["--help"], env, signal),
  ]);
  return { version, flags: help.flags, fault: fault ?? help.fault };
}

/** Asks for the version alone. */
export async function readVersion(
  program: string,
  command: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<Pick<InstalledProgram, "version" | "fault">> {
  const { text, fault } = await askProgram(command, ["--version"], env, signal);
  if (fault !== null) return { version: null, fault: `${program} ${fault}` };
  return { version: versionIn(text), fault };
}

/** Asks for the options that `help`, such as `["--help"]`, names. */
export async function readFlags(
  program: string,
  command: string,
  help: readonly string[],
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<Pick<InstalledProgram, "flags" | "fault">> {
  const { text, fault } = await askProgram(command, help, env, signal);
  return { flags: flagsIn(text), fault: fault === null ? null : `${program} ${fault}` };
}

function versionIn(text: string): string | null {
  return /\d+\.\d+\.\S+/.exec(text)?.[0] ?? null;
}

function flagsIn(text: string): ReadonlySet<string> {
  return new Set(text.match(/--[a-z][a-z-]+/g));
}
