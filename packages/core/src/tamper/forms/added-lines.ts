import type { ChangedFile, ChangeSet } from "../change-set.ts";
import type { Line } from "../lines.ts";
import { isQuoted } from "../literals.ts";
import type { Place } from "../rule.ts";

interface Added {
  file: ChangedFile;
  line: Line;
  /** The hunk it stands in, for a look around. */
  hunk: readonly Line[];
  index: number;
}

/**
 * Added lines that fit one of the patterns a file is looked at for, unless the line they replace fitted in the same way, or it is a string of code that
 * fits (`inStrings` counts these too).
 */
export function* addedLines(
  change: ChangeSet,
  patternsFor: (file: ChangedFile) => readonly RegExp[],
  where: (added: Added) => boolean = isCode,
  { inStrings = false } = {},
): Iterable<Place> {
  for (const file of change.files) {
    const patterns = patternsFor(file);
    if (patterns.length === 0) continue;
    for (const hunk of file.hunks) {
      const replaced = countReplaced(hunk, patterns);
      for (const [index, line] of hunk.entries()) {
        if (line.op !== "+" || line.isMoved) continue;
        const found = matchOf(line.text, patterns, file.language !== null && !inStrings);
        if (found === null || !where({ file, line, hunk, index })) continue;
        const key = `${line.block} ${found}`;
        const left = replaced.get(key) ?? 0;
        if (left > 0) replaced.set(key, left - 1);
        else yield { file: file.path, line: line.number, evidence: line.text };
      }
    }
  }
}

/** Not only a comment. */
export function isCode({ line }: Added): boolean {
  return !line.isComment;
}

/** In a test, and not only a comment. */
export function isTestCode({ line }: Added): boolean {
  return line.inTest && !line.isComment;
}

/** What the first pattern that fits finds, without layout. `unquoted`: not where it is only talked about in a string. */
export function matchOf(
  text: string,
  patterns: readonly RegExp[],
  unquoted = false,
): string | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (found !== null && !(unquoted && isQuoted(text, found.index)))
      return found[0].replaceAll(/\s/g, "");
  }
  return null;
}

/** Lines of the new file before one, nearest first, as far as the hunk shows. */
export function* above(hunk: readonly Line[], index: number): Iterable<Line> {
  for (let at = index - 1; at >= 0; at--) {
    const line = hunk[at];
    if (line !== undefined && line.op !== "-") yield line;
  }
}

/** Lines of the new file behind one. */
export function* below(hunk: readonly Line[], index: number): Iterable<Line> {
  for (const line of hunk.slice(index + 1, index + 60)) if (line.op !== "-") yield line;
}

function countReplaced(hunk: readonly Line[], patterns: readonly RegExp[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { op, isMoved, text, block } of hunk) {
    if (op !== "-" || isMoved) continue;
    const found = matchOf(text, patterns);
    if (found !== null) counts.set(`${block} ${found}`, (counts.get(`${block} ${found}`) ?? 0) + 1);
  }
  return counts;
}
