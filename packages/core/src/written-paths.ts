import { resolvePath } from "./lexical-path.ts";
import { shellCommands } from "./shell-words.ts";

/** Commands that change every file they name. */
const changing = new Set(
  "rm rmdir unlink shred touch mkdir mkfifo chmod chown chgrp truncate tee mv".split(" "),
);
/** Commands that write what they name last. */
const copying = new Set("cp install ln rsync".split(" "));
/** Commands that run what follows. */
const running = new Set("sudo env command nohup time exec nice xargs then do else !".split(" "));
const shells = new Set("sh bash zsh dash".split(" "));
/** Written, and nothing is changed. */
const sinks = /^\/dev\/(?:null|zero|stdout|stderr|tty|fd\/\d+)$/;

/** The files and folders that a command line clearly changes, resolved from the folder it runs in. What only running it would tell is not among them. */
export function writtenPaths(line: string, folder: string): string[] {
  let here: string | undefined = folder;
  const found: string[] = [];
  const add = (names: readonly string[]) => {
    for (const name of names) {
      const path = pathOf(name, here);
      if (path !== undefined && !sinks.test(path)) found.push(path);
    }
  };
  for (const { words, outputs } of shellCommands(line)) {
    add(outputs);
    const [program = "", ...args] = words.slice(words.findIndex(isProgram));
    const name = program.slice(program.lastIndexOf("/") + 1);
    const operands = args.filter((arg) => !arg.startsWith("-"));
    if (name === "cd" || name === "pushd") here = pathOf(operands[0] ?? "~", here);
    else if (changing.has(name) || editsInPlace(name, args)) add(operands);
    else if (copying.has(name)) add(operands.slice(1).slice(-1));
    else if (name === "dd")
      add(args.flatMap((arg) => (arg.startsWith("of=") ? [arg.slice(3)] : [])));
    else if (shells.has(name) && args[0]?.endsWith("c") === true && here !== undefined)
      found.push(...writtenPaths(args[1] ?? "", here));
  }
  return found;
}

/** Behind what runs a program, and what is set for it. */
function isProgram(word: string): boolean {
  return !running.has(word) && !/^\w+=/.test(word) && !word.startsWith("-");
}

function editsInPlace(name: string, args: readonly string[]): boolean {
  return (name === "sed" || name === "perl") && args.some((arg) => /^-\w*i|^--in-place/.test(arg));
}

/** Undefined: only the shell knows. */
function pathOf(name: string, here: string | undefined): string | undefined {
  const known = name.replace(/^\$(?:HOME|\{HOME\})(?=\/|$)/, "~");
  if (/^[$`-]/.test(known)) return undefined;
  const isWhole = /^[/~]/.test(known);
  return here === undefined && !isWhole ? undefined : resolvePath(here ?? "/", known);
}
