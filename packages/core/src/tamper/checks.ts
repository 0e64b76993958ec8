import type { ChangedFile, ChangeSet } from "./change-set.ts";
import type { Language } from "./language.ts";
import type { Line } from "./lines.ts";
import { bare, literalsOf, shapeOf } from "./literals.ts";

/** A line of a test that checks something: an assertion, or a row of a table of cases. */
export interface Check {
  file: ChangedFile;
  line: Line;
  /** Without the test's title, where both are on one line. */
  text: string;
  strength: "exact" | "weak" | "plain";
}

/** The added and removed checks of all tests. Those that nothing can fail are none. */
export function checksOf({ files }: ChangeSet): Check[] {
  return files.flatMap((file) => (file.language === null ? [] : checksIn(file, file.language)));
}

/** Those of one side that do not stand on the other side too. */
export function withoutSame(checks: readonly Check[], side: "+" | "-"): Check[] {
  const others = new Map<string, number>();
  for (const { line, text } of checks)
    if (line.op !== side) others.set(bare(text), (others.get(bare(text)) ?? 0) + 1);
  return checks.filter(({ line, text }) => {
    if (line.op !== side) return false;
    const left = others.get(bare(text)) ?? 0;
    if (left > 0) others.set(bare(text), left - 1);
    return left === 0;
  });
}

function checksIn(file: ChangedFile, language: Language): Check[] {
  const checks: Check[] = [];
  for (const line of file.hunks.flat()) {
    if (line.op === " " || !line.inTest || line.isComment) continue;
    const text = line.beginsTest ? line.text.replace(language.test, "") : line.text;
    if (language.trivial.test(text)) continue;
    const isRow = isCaseRow(text);
    if (!isRow && !language.assertion.test(text)) continue;
    const strength = isRow
      ? "plain"
      : language.weak.test(text)
        ? "weak"
        : language.exact.test(text)
          ? "exact"
          : "plain";
    checks.push({ file, line, text, strength });
  }
  return checks;
}

/** A row of a table of cases: values only, or with names of which one speaks of what is expected. */
export function isCaseRow(text: string): boolean {
  if (!row.test(text)) return false;
  const values = literalsOf(text);
  return values.length > 1 && (!named.test(shapeOf(text)) || told.test(text));
}

export const row =
  /^\s+(?:[[({][^\n]{0,900}[\])}],?|\[(?:InlineData|TestCase|DataRow|Arguments)\([^\n]{0,900}|#\[(?:test_)?case[^\n]{0,900}|pytest\.param\([^\n]{0,900}|Arguments\.of\([^\n]{0,900})\s*$/;

const named = /\w"?[:=](?!:)/;
const told =
  /\b(?:want|expect|result|output|out|exp|ok|valid|status|code|err|error|golden|should)\w{0,20}\b/i;
