import { stripVTControlCharacters } from "node:util";

/**
 * Text that came from tasks, logs or agents, made safe for a terminal: escape sequences go as a whole, other control
 * characters and those that turn the direction of text go one by one. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return harmless.test(text) ? text : stripVTControlCharacters(text).replaceAll(unsafe(), "");
}

/** The same on one line, for the cells of a table. */
export function printableLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, " ")).trim();
}

/** Most text is: Latin letters and common punctuation. The list of what is not takes 4 ms to make, so it is made on demand. */
const harmless = /^[\n\t\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027]*$/;

// Controls but tab and line feed, what reorders or hides text but the joiners that some scripts need, and the line breaks that few expect.
function unsafe(): RegExp {
  return /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
}
