import { decodedText } from "./decoded-text.ts";

/** Takes a log in, in pieces, and hands on its lines. */
export interface LineReader {
  /** Chunks may be cut anywhere, in the middle of a character too. Give either text or bytes, not both in turn. */
  push(chunk: string | Uint8Array): void;
  /** The last line, where it had no end. */
  end(): void;
}

/**
 * Calls `take` with each line as a person would read it: without colours, orders to the terminal, the timestamps of CI systems and trailing blanks.
 * What a carriage return wrote over is left out where it was progress. Blank lines are handed on as "". A line longer than
 * `maxLine` characters comes in several pieces, so no log takes memory for its longest line.
 */
export function plainLines(take: (line: string) => void): LineReader {
  const decoder = decodedText();
  let rest = "";
  /** What the text that is being read holds besides text; looking for it in each line anew would cost the most of all. */
  let holdsOrders = false;
  let holdsControls = false;

  function push(text: string): void {
    holdsOrders ||= mayHoldOrders(text) || mayHoldOrders(rest.slice(-2) + text.slice(0, 2));
    holdsControls ||= controls.test(text);
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      const line = text.slice(from, at);
      from = at + 1;
      takeLine(rest === "" ? line : rest + line);
      rest = "";
    }
    if (from < text.length) rest += text.slice(from);
    // An endless line is handed on as it comes.
    if (rest.length > 2 * maxLine) rest = withoutPieces(rest);
    holdsOrders &&= mayHoldOrders(rest);
    holdsControls &&= controls.test(rest);
  }

  function takeLine(raw: string): void {
    const line = raw.length > 2 * maxLine ? withoutPieces(raw) : raw;
    if (holdsOrders && line.includes("\r") && line.indexOf("\r") < line.length - 1)
      for (const part of notOverwritten(line)) takePlain(part);
    else takePlain(line);
  }

  /** Hands on all but the end of a long line. */
  function withoutPieces(long: string): string {
    let left = long;
    while (left.length > 2 * maxLine) {
      const cut = cutOf(left);
      takeLine(left.slice(0, cut));
      left = left.slice(cut);
    }
    return left;
  }

  function takePlain(raw: string): void {
    const shown = holdsOrders && mayHoldOrders(raw) ? raw.replace(orders, "") : raw;
    const line = withoutTimestamp(
      holdsControls ? shown.replace(everyControl, "") : shown,
    ).trimEnd();
    if (line.length <= maxLine) return take(line);
    take(line.slice(0, maxLine).toWellFormed());
    take(line.slice(maxLine).toWellFormed());
  }

  return {
    push: (chunk) => push(typeof chunk === "string" ? chunk : decoder.push(chunk)),
    end: () => {
      push(decoder.end());
      if (rest !== "") takeLine(rest);
      rest = "";
    },
  };
}

/** The most characters in one line that is handed on. */
export const maxLine = 2_000;

/** Where to cut an endless line: at a blank where one is near, and never inside an order to the terminal. */
function cutOf(line: string): number {
  const blank = line.lastIndexOf(" ", maxLine);
  const cut = blank > maxLine - 200 ? blank + 1 : maxLine;
  const order = line.lastIndexOf("\u001b", cut);
  return order > cut - 30 && order > 0 ? order : cut;
}

/** The line without its time: GitHub and Azure (`2026-…Z `, behind job and step in `gh run view --log`), GitLab (`2026-…Z 01O `), Jenkins (`[2026-…Z] `). */
function withoutTimestamp(line: string): string {
  if (line.charCodeAt(4) === dash && line.charCodeAt(19) === dot) {
    const end = line.indexOf("Z", 20);
    if (end > 31 || end < 0 || !time.test(line)) return line;
    return line.slice(line.charCodeAt(end + 1) === space ? end + 2 : end + 1).replace(stream, "");
  }
  if (line.startsWith("[2") || line.includes("\t")) return line.replace(otherTimes, "");
  return line;
}

const dash = 45;
const dot = 46;
const space = 32;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z/;
const stream = /^\d\d[OE][+ ]/;
const otherTimes =
  /^(?:[^\t]{1,200}\t[^\t]{1,200}\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z ?|\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z\] ?)/;

function mayHoldOrders(text: string): boolean {
  return text.includes("\u001b") || text.includes("\r") || text.includes("^[[");
}

const orders =
  // `cat -v` and some log archives write the escape character as `^[`.
  // oxlint-disable-next-line no-control-regex -- orders to a terminal begin with control characters
  /\^\[\[[0-9;]{0,20}m|\x1b(?:\[[0-9;?]{0,60}[ -/]?[@-~]?|[\]_P^][^\x07\x1b]{0,1000}(?:\x07|\x1b\\)?|[^[])?|\r/g;
/** What shows nothing, but for tabs, line breaks, and what begins an order. */
const controls =
  // oxlint-disable-next-line no-control-regex -- what is looked for are control characters
  /[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u200B\u2028-\u202E\u2066-\u2069\uFEFF]/;
const everyControl = new RegExp(`${controls.source}|\\x1b`, "g");

/** What is left to read of a line in which a carriage return went back to the start: the last text, and those before that were no progress of it. */
function notOverwritten(raw: string): string[] {
  const parts = raw.split("\r").filter((part) => part.trim() !== "");
  return parts.filter((part, at) => {
    const next = parts[at + 1];
    return next === undefined || !(progress.test(part) || part.slice(0, 4) === next.slice(0, 4));
  });
}

const progress = /\d ?%|\d ?\/ ?\d|[=#█━─.⠀-⣿]{3}|\d ?[KMG]i?B|^[^A-Za-z]*$/;
