import { type CompletedCommand, quoted } from "./completed-command.ts";

/** Completes commands and flags with what they are for. */
export function zshScript(commands: CompletedCommand[]): string {
  const firsts = commands
    .filter(({ name }) => !name.includes(" "))
    .map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = commands.map(({ name, flags }) => {
    const specs = flags.map(
      (flag) => `      ${quoted(`--${flag.name}[${bracketSafe(flag.summary)}]${valueSpec(flag)}`)}`,
    );
    return `    ${quoted(name)})\n      _arguments \\\n${[...specs, "      '*:file:_files'"].join(" \\\n")} ;;`;
  });
  return `#compdef ampx
_ampx() {
  local -a commands
  commands=(
${firsts.join("\n")}
    'ci:Run CI of a repository on this machine'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=\${words[2]}
  if [[ $command == ci ]]; then
    if (( CURRENT == 3 )); then compadd run; return; fi
    command='ci run'
  fi
  case $command in
${cases.join("\n")}
  esac
}
compdef _ampx ampx
`;
}

function bracketSafe(text: string): string {
  return text.replaceAll(/[[\]\\:]/g, "\\$&");
}

function valueSpec({ name, takesValue, options }: CompletedCommand["flags"][number]): string {
  if (!takesValue) return "";
  return options.length === 0 ? `:${name}:_files` : `:${name}:(${options.join(" ")})`;
}
