import { type CompletedCommand, quoted } from "./completed-command.ts";

/** Completes commands, then the flags of the one that was typed; values of flags and arguments are files. */
export function bashScript(commands: CompletedCommand[]): string {
  const cases = commands.map(
    ({ name, flags }) =>
      `    ${quoted(name)}) words=${quoted(flags.map((flag) => `--${flag.name}`).join(" "))} ;;`,
  );
  return `_ampx() {
  local current=\${COMP_WORDS[COMP_CWORD]} command=\${COMP_WORDS[1]} words
  if [ "$command" = ci ] && [ "$COMP_CWORD" -gt 1 ]; then command='ci run'; fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted([...new Set(commands.map(({ name }) => name.split(" ")[0]))].join(" "))} -- "$current"))
    return
  fi
  case $command in
${cases.join("\n")}
  esac
  case $current in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _ampx ampx
`;
}
