import { type CompletedCommand, quoted } from "./completed-command.ts";

/** Completes commands and flags with what they are for. */
export function fishScript(commands: CompletedCommand[]): string {
  const firsts = commands
    .filter(({ name }) => !name.includes(" "))
    .map(
      ({ name, summary }) =>
        `complete -c ampx -n __fish_use_subcommand -f -a ${quoted(name)} -d ${fishQuoted(summary)}`,
    );
  const flags = commands.flatMap(({ name, flags: own }) => own.map((flag) => flagLine(name, flag)));
  return [
    ...firsts,
    "complete -c ampx -n __fish_use_subcommand -f -a ci -d 'Run CI of a repository on this machine'",
    "complete -c ampx -n '__fish_seen_subcommand_from ci; and not __fish_seen_subcommand_from run' -f -a run",
    ...flags,
    "",
  ].join("\n");
}

function flagLine(
  command: string,
  { name, char, summary, takesValue, options }: CompletedCommand["flags"][number],
): string {
  const short = char === undefined ? "" : ` -s ${char}`;
  const value = !takesValue
    ? ""
    : options.length > 0
      ? ` -x -a ${quoted(options.join(" "))}`
      : " -r";
  return `complete -c ampx -n '__fish_seen_subcommand_from ${command.split(" ").at(-1)}' -l ${name}${short}${value} -d ${fishQuoted(summary)}`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
}
