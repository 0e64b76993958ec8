import { oneLine } from "@ampx/core/one-line";

/** Whether a name in the backlog is that of a file of tickets: drafts of editors and downloads that go on are none. */
export function isTicketName(name: string): boolean {
  return !name.startsWith(".") && /\.ya?ml$/i.test(name);
}

/** A name as it may be shown: on one line, without what moves a cursor or turns the direction of text. */
export function shownName(name: string): string {
  return oneLine(name.replaceAll(/[\p{Cf}\p{Zl}\p{Zp}]/gu, " "), { maxChars: 255 });
}

/** `x.yaml`, then `x-2.yaml`, `x-3.yaml` and so on, never longer than a file system allows with `.error.txt` after it. */
export function numberedName(name: string, number: number): string {
  const dot = name.lastIndexOf(".");
  const end = `${number === 1 ? "" : `-${number}`}${name.slice(dot)}`;
  let stem = name.slice(0, dot);
  while (Buffer.byteLength(stem + end) > maxNameBytes)
    // Never half a character.
    stem = stem.slice(0, -1).replace(/[\uD800-\uDBFF]$/, "");
  return stem + end;
}

const maxNameBytes = 255 - Buffer.byteLength(".error.txt");
