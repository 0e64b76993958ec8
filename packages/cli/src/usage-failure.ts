import { closestTo } from "@ampx/core/config/closest-to";
import { UserError } from "@ampx/core/user-error";

/** What is needed of a command to say how it is used. */
export interface UsedCommand {
  /** With colons, as oclif has it; empty for none. */
  id: string;
  flags: string[];
}

/** Turns what oclif's parser throws into an error that says what was not accepted, and what to try. Anything else comes back as it is. */
export function usageFailure(error: unknown, command: UsedCommand): unknown {
  // oclif wraps what our own flags say in words of its own.
  if (error instanceof UserError)
    return new UserError(
      error.message.replace(/^Parsing --\S+\s+(.*?)(\nSee more help with --help)?$/s, "$1"),
      { kind: "invalid", ...(error.tryThis !== undefined && { tryThis: error.tryThis }) },
    );
  if (!(error instanceof Error) || !("oclif" in error)) return error;
  const help = `ampx ${[...command.id.split(":"), "--help"].filter(Boolean).join(" ")}`;
  if ("flags" in error && Array.isArray(error.flags))
    return unknownFlag(String(error.flags[0]), command.flags, help);
  return new UserError(sentence(error), { kind: "invalid", tryThis: help });
}

function unknownFlag(flag: string, known: string[], help: string): UserError {
  const name = flag.split("=")[0] ?? flag;
  const meant = closestTo(name.replace(/^-+/, ""), known);
  return new UserError(`Unknown flag ${name}`, {
    kind: "invalid",
    tryThis: meant === undefined ? help : `--${meant} (all flags: ${help})`,
  });
}

function sentence(error: Error): string {
  const missing = missingArguments(error);
  if (missing !== undefined) return missing;
  return error.message
    .replace(/\nSee more help with --help$/, "")
    .replace(/^The following errors? occurred:\s*/, "")
    .replaceAll(/Missing required flag (\S+)/g, "Missing flag --$1")
    .replace(/^Flag (--\S+) /, "$1 ")
    .replace(/^Expected (--[^=]+)=(.*) to be one of: /s, '$1 does not know "$2"; it knows ')
    .replace(/^Expected (.*) to be one of: /s, '"$1" is none of ')
    .replaceAll(/\s*\n\s*/g, "; ");
}

function missingArguments(error: Error): string | undefined {
  if (
    error.constructor.name !== "RequiredArgsError" ||
    !("args" in error) ||
    !Array.isArray(error.args)
  )
    return undefined;
  const names = error.args.map((arg: { name: string }) => arg.name.toUpperCase());
  return `Missing argument${names.length === 1 ? "" : "s"} ${names.join(" ")}`;
}
