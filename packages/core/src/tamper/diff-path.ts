/** A path as git prints it: in quotes, with C escapes and octal bytes, where it holds anything unusual. */
export function gitPath(text: string): string {
  if (!text.startsWith('"')) return text;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [, octal, escape, plain] of text
    .slice(1, text.endsWith('"') ? -1 : undefined)
    .matchAll(/\\([0-3][0-7]{2})|\\(.)|([^\\]+)/gsu)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (escape !== undefined) bytes.push(...encoder.encode(escapes[escape] ?? escape));
    else for (const byte of encoder.encode(plain)) bytes.push(byte);
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/**
 * The two paths of a `diff --git` line. Without quotes they cannot be told apart by their spaces, but git prints other lines for all
 * changes whose two paths differ: so here they are the same.
 */
export function headerPaths(text: string): [before: string, now: string] {
  const quoted = /^("(?:[^"\\]|\\.)*") (.+)$/s.exec(text) ?? /^(\S+) (".*")$/s.exec(text);
  if (quoted !== null)
    return [gitPath(quoted[1] ?? "").slice(2), gitPath(quoted[2] ?? "").slice(2)];
  const half = (text.length - 1) / 2;
  return [text.slice(2, half), text.slice(half + 3)];
}

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  t: "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
};
