/** A simple command of a shell command line: its words, and the files that its output is written to. Quotes are taken off. */
export interface ShellCommand {
  words: string[];
  outputs: string[];
}

/**
 * Splits a command line into its simple commands, well enough to see what they name: quotes, comments, redirections and the bodies
 * of here-documents are known; what a variable or another command would put in is left as it is written.
 */
export function shellCommands(line: string): ShellCommand[] {
  const commands: ShellCommand[] = [{ words: [], outputs: [] }];
  const bodyEnds: string[] = [];
  let rest = line;
  let takes: "word" | "output" | "input" | "body end" = "word";

  while (rest !== "") {
    const [text, kind] = nextPiece(rest);
    rest = rest.slice(text.length);
    const command = commands.at(-1);
    if (kind === "gap" || command === undefined) continue;
    if (kind === "word") {
      const word = unquoted(text);
      if (takes === "body end") bodyEnds.push(word);
      else if (takes === "output") command.outputs.push(word);
      else if (takes === "word") command.words.push(word);
      takes = "word";
    } else if (kind === "redirection") {
      takes = text.includes("<<<")
        ? "input"
        : text.includes("<<")
          ? "body end"
          : text.includes(">")
            ? "output"
            : "input";
    } else {
      commands.push({ words: [], outputs: [] });
      takes = "word";
      if (text === "\n") rest = behindBodies(rest, bodyEnds.splice(0));
    }
  }
  return commands.filter(({ words, outputs }) => words.length + outputs.length > 0);
}

type Kind = "gap" | "word" | "redirection" | "end";

/** The first that matches at the beginning counts. */
const pieces: [Kind, RegExp][] = [
  ["gap", /^(?:[ \t\r]|\\\n)+/],
  ["gap", /^#[^\n]*/],
  // To another descriptor, which names no file.
  ["gap", /^\d*[<>]&(?:\d+|-)/],
  ["redirection", /^(?:\d*|&)(?:>>|>\||>&|<<<|<<-?|<>|>|<)/],
  ["end", /^(?:&&|\|\||;;|[;&|(){}\n])/],
  ["word", /^(?:[^\s;&|()<>"'\\]|\\[^]|"(?:[^"\\]|\\[^])*"?|'[^']*'?)+/],
];

function nextPiece(text: string): [text: string, kind: Kind] {
  for (const [kind, pattern] of pieces) {
    const found = pattern.exec(text)?.[0];
    if (found !== undefined && found !== "") return [found, kind];
  }
  return [text.slice(0, 1), "gap"];
}

function unquoted(text: string): string {
  return text.replaceAll(
    /\\([^])|"((?:[^"\\]|\\[^])*)"?|'([^']*)'?/g,
    (_whole, escaped?: string, double?: string, single?: string) =>
      escaped ?? double?.replaceAll(/\\(["\\$`])/g, "$1") ?? single ?? "",
  );
}

/** What follows the here-documents that end with these lines. */
function behindBodies(text: string, ends: string[]): string {
  let rest = text;
  for (const end of ends) {
    const lines = rest.split("\n");
    const at = lines.findIndex((line) => line.replace(/^\t+/, "") === end);
    rest = at === -1 ? "" : lines.slice(at + 1).join("\n");
  }
  return rest;
}
