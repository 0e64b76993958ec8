import type { ChangedFile } from "./change-set.ts";
import type { Line } from "./lines.ts";

/**
 * Marks added and removed lines that are the same but for their place and layout, anywhere in the diff. A line counts together with the next one,
 * so that `@skip` cannot be moved from one test to another.
 */
export function markMoved(files: readonly ChangedFile[]): void {
  const removed = new Map<string, Line[]>();
  const sides = files.flatMap((file) => file.hunks);
  for (const hunk of sides) {
    for (const [line, key] of keyed(hunk, "-")) {
      const same = removed.get(key);
      if (same === undefined) removed.set(key, [line]);
      else same.push(line);
    }
  }
  for (const hunk of sides) {
    for (const [line, key] of keyed(hunk, "+")) {
      const source = removed.get(key)?.pop();
      if (source !== undefined) source.isMoved = line.isMoved = true;
    }
  }
}

function* keyed(hunk: readonly Line[], side: "+" | "-"): Iterable<[Line, string]> {
  let below = "";
  for (const line of hunk.toReversed()) {
    if (line.op !== side && line.op !== " ") continue;
    const text = line.text.replaceAll(/\s/g, "");
    if (text === "") continue;
    if (line.op === side) yield [line, `${text}\n${below}`];
    below = text;
  }
}
