/** The strings and numbers of a line of code, in any language. */
export function literalsOf(text: string): string[] {
  return text.match(literal) ?? [];
}

/** The values of a line as they can be found again in another form: without quotes and letters of numbers, and each value of a quoted row by itself. */
export function valuesOf(text: string): string[] {
  return literalsOf(text).flatMap((literal) => {
    const value = valueOf(literal);
    const inner = literal.slice(1, -1);
    const parts = /[,;|]/.test(inner) ? inner.split(/[,;|]/) : [];
    return [value, ...parts.map((part) => valueOf(part.trim()))];
  });
}

/** One literal as {@link valuesOf} gives it. */
export function valueOf(literal: string): string {
  const number = /^(-?\d[\d_.]*)[a-zA-Z]{0,2}$/.exec(literal)?.[1];
  return number === undefined ? literal.replaceAll(/["'`]/g, "") : number.replaceAll("_", "");
}

/** Whether a place lies inside a quoted string: code that is only talked about. */
export function isQuoted(text: string, place: number): boolean {
  for (const { index, 0: found } of text.matchAll(quoted)) {
    if (index >= place) return false;
    const isClosed = found.length > 1 && found.at(-1) === found[0];
    if (isClosed && place < index + found.length) return true;
  }
  return false;
}

/** The line without its literals, layout and closing punctuation: what stays when only values change. */
export function shapeOf(text: string): string {
  return bare(text.replaceAll(literal, "§"));
}

/** The line without its layout: what stays when it moves. */
export function bare(text: string): string {
  return text
    .replaceAll(/\s/g, "")
    .replaceAll(/['`]/g, '"')
    .replace(/[;,]{1,4}$/, "");
}

/** Whether a value says something: 0, 1, nothing and the like stand in every test. */
export function isTelling(value: string): boolean {
  return !/^(?:[01]|["'`]["'`])$/.test(value);
}

// A quote that is not closed takes the rest of the line, so that no place is looked at twice.
const literal =
  /"(?:[^"\\]|\\.)*(?:"|\\?$)|'(?:[^'\\]|\\.)*(?:'|\\?$)|`(?:[^`\\]|\\.)*(?:`|\\?$)|(?<!\w|\w\.)-?\d\w*(?:\.\d\w*)?|\b(?:true|false|True|False|null|None|nil)\b/g;

// An apostrophe within a word opens nothing, and neither does a quote that is never closed.
const quoted =
  /(?<![\w"'`])(?:"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$)|`(?:[^`\\]|\\.)*(?:`|$))/g;
