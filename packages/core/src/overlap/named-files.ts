/**
 * Those of `paths` that a text names, in the order of `paths`: as a word of its own (`src/a.ts`, `./src/a.ts:12`), or in quotes. A path that could be
 * any word, without a slash or a dot, counts only in quotes.
 */
export function namedFiles(text: string, paths: Iterable<string>): string[] {
  const words = wordsOf(text);
  return [...paths].filter((path) => words.has(path));
}

function wordsOf(text: string): Set<string> {
  const found = new Set<string>();
  for (const [, , quoted = ""] of text.matchAll(quotes)) addForms(found, quoted);
  for (const word of text.split(/[\s,;|]+/)) {
    for (const form of formsOf(word)) if (/[./]/.test(form)) found.add(form);
  }
  return found;
}

function addForms(to: Set<string>, quoted: string): void {
  for (const form of formsOf(quoted)) to.add(form);
}

/** As written, without the punctuation around it, without a line number behind it, without `./` before it. */
function formsOf(word: string): string[] {
  const bare = word.replace(/^[^\p{L}\p{N}./_@-]+/u, "").replace(/[^\p{L}\p{N}_-]+$/u, "");
  const forms = [word, bare, bare.replace(/(?::\d+)+$/, "")];
  return forms.flatMap((form) => [form, form.replace(/^\.\//, "")]);
}

/** On one line each, and short: an apostrophe opens nothing that ends a page below. */
const quotes = /(["'`])([^"'`\n]{1,500})\1/g;
