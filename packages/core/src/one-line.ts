/**
 * Text from anywhere in one line for people: white space and control characters become single spaces, and what is longer than `maxChars`
 * ends in "…". Never half a character.
 */
export function oneLine(text: string, { maxChars }: { maxChars: number }): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  if (line.length <= maxChars) return line.toWellFormed();
  const cut = line.slice(0, maxChars - 1).replace(/[\uD800-\uDBFF]$/, "");
  return `${cut.toWellFormed()}…`;
}
