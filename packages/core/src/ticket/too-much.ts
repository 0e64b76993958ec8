import { Lexer } from "yaml";

/** Words and signs that one document may have; a ticket at all its limits has a quarter of it. */
const mostInTicket = 10_000;

/** Those of all documents of a file. */
const mostInFile = 400_000;

/** What a ticket and a file may be made of, for people. */
export const muchEnough = `a ticket may have ${mostInTicket} words and signs, a file ${mostInFile}`;

/**
 * The offset from which on a file has more words and signs than tickets; undefined when it has not. To read it could take minutes: a document takes the
 * square of its keys, for one.
 */
export function tooMuchAt(text: string): number | undefined {
  let offset = 0;
  let inFile = 0;
  let inDocument = 0;
  let previous = "";
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === "---" && previous !== scalarNext) inDocument = 0;
    if (++inDocument > mostInTicket || ++inFile > mostInFile) return offset;
    if (!marks.has(lexeme)) offset += lexeme.length;
    previous = lexeme;
  }
  return undefined;
}

// The lexer's own marks, which do not stand in the text.
const scalarNext = "\u001F";
const marks = new Set(["\u0002", "\u0018", scalarNext]);
