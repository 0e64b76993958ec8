import { stripVTControlCharacters } from "node:util";

/** Text of other programs made fit to be stored and shown: no control characters, no credentials in URLs, at most `max` characters, the end of it. */
export function plainText(text: string, max: number): string {
  const clean = stripVTControlCharacters(text)
    .replaceAll(/\r\n?/g, "\n")
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, "")
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, "$1***@")
    .trim();
  return clean.length <= max ? clean : `…${clean.slice(-(max - 1))}`;
}
