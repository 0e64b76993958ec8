import { encodedForms } from "./redact-forms.ts";
import { secretPatterns } from "./redact-patterns.ts";
import { markOf, scanner } from "./redact-scanner.ts";

/**
 * Takes secrets out of text: the given values (of 6 characters or more, also URL-encoded, in base64 and JSON-escaped) become `[redacted]`,
 * documented forms of secrets `[redacted:kind]`. Linear in the text. Make it once: it compiles the values. A secret that is cut in two by two
 * calls is not found, so give whole lines; what comes line by line goes through {@link createLineRedactor}.
 */
export function createRedactor(values: Iterable<string>): (text: string) => string {
  const known = knownValues(values);
  return (text) => {
    const rest =
      known === null ? text : text.replace(known, (_, mark?: string) => mark ?? plainMark);
    return guessed.redact(certain.redact(rest));
  };
}

/** Like {@link createRedactor}, for one text that comes line by line: knows when it is inside a private key. Keeps state: one per text. */
export function createLineRedactor(values: Iterable<string>): (line: string) => string {
  return redactPieces(createRedactor(values));
}

/** Makes of a redactor one for a text that comes in pieces, each of whole lines: knows when it is inside a private key. Keeps state: one per text. */
export function redactPieces(redact: (text: string) => string): (piece: string) => string {
  let insideKey = false;
  return (piece) => {
    if (piece === "" && insideKey) return markOf("private-key");
    let kept = "";
    let from = 0;
    while (from < piece.length) {
      if (!insideKey) {
        const end = insideKeyFrom(piece, from);
        kept += redact(piece.slice(from, end));
        insideKey = end !== undefined;
        if (end === undefined) return kept;
        from = end;
        continue;
      }
      const lineEnd = piece.indexOf("\n", from);
      const line = piece.slice(from, lineEnd === -1 ? piece.length : lineEnd);
      const ends = line.includes("-----END ");
      insideKey = !ends && keyBody.test(line);
      if (!ends && !insideKey) continue;
      kept += markOf("private-key") + (lineEnd === -1 ? "" : "\n");
      from = lineEnd === -1 ? piece.length : lineEnd + 1;
    }
    return kept;
  };
}

/**
 * The first secret in a text that a person wrote, or null. For refusing it, so more careful than redaction: forms that are often seen with
 * made-up values (`postgres://user:password@localhost`) count only if they look random.
 */
export function findSecret(text: string, values: Iterable<string>): { kind: string } | null {
  const known = knownValues(values);
  for (const [, mark] of known === null ? [] : text.matchAll(known))
    if (mark === undefined) return { kind: "known value" };
  return certain.find(text) ?? guessed.find(text);
}

const plainMark = "[redacted]";
const certain = scanner(secretPatterns.filter((pattern) => pattern.onlyIfRandom !== true));
// Apart and last: a guess that is turned down must not hide a certain find inside it.
const guessed = scanner(secretPatterns.filter((pattern) => pattern.onlyIfRandom === true));

// Lines of a key may have a timestamp before them.
const keyBody = /^(?:\S{1,40}\s+)?(?:[A-Za-z0-9+/=]*\s*$|(?:Proc-Type|DEK-Info|Version|Comment): )/;

/** Where the line ends that opens a private key which is not closed in this text. */
function insideKeyFrom(text: string, from: number): number | undefined {
  const begin = text.lastIndexOf("-----BEGIN ");
  if (begin < from || begin < text.lastIndexOf("-----END ")) return undefined;
  if (!text.slice(begin, begin + 70).includes("PRIVATE KEY")) return undefined;
  const lineEnd = text.indexOf("\n", begin);
  return lineEnd === -1 ? text.length : lineEnd + 1;
}

// Longest first, so that a value that contains another goes whole. Marks that are there already match as the group, to be left alone.
function knownValues(values: Iterable<string>): RegExp | null {
  const forms = new Set<string>();
  for (const value of values) for (const form of encodedForms(value)) forms.add(form);
  if (forms.size === 0) return null;
  const marks = [plainMark, ...new Set(secretPatterns.map(({ kind }) => markOf(kind)))];
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  return new RegExp(
    `${longestFirst.map(literal).join("|")}|(${marks.map(literal).join("|")})`,
    "g",
  );
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
