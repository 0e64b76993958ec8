import type { ChangedFile, ChangeSet } from "../change-set.ts";
import { isCaseRow, row } from "../checks.ts";
import { wordOf } from "../forms/touched-files.ts";
import type { Line } from "../lines.ts";
import { bare, isTelling, literalsOf, shapeOf, valueOf, valuesOf } from "../literals.ts";
import { type Place, rule } from "../rule.ts";
import { testBalance } from "../test-balance.ts";

/** Names an expected value without being an assertion. */
const expected =
  /\b(?:want|wanted|expected?|golden|expectation)\w*\b|^\s*(?:\} else )?(?:if|elif|unless) .{0,200}[=!]=|^\s*\.(?:not\.)?to[A-Z]/i;
/** Only values: a line of a list, a table or an assertion over several lines. */
const values =
  /^\s*(?:(?:["'`].{0,900}["'`]|-?[\d.]{1,40}|true|false|null|None|nil|True|False)\s{0,4}[,)\]};]{0,4}|["']?\w{1,60}["']?\s{0,4}(?::|=>)\s{0,4}(?:["'`].{0,900}["'`]|-?[\d.]{1,40}|true|false|null|True|False|None)\s{0,4},?)\s*$/;
/** Where a stored expectation begins: renamed with its test. */
const title = /^exports\[|^# name:|^source: |^expression: |^---$|^\s*$/;
const snapshotBegins =
  /InlineSnapshot\([^`]{0,80}`[^`]{0,900}$|\bassert_\w{0,20}snapshot!\([^"]{0,200}@?r?#{0,4}"[^"]{0,900}$|\bexpect!\[\[/;
const snapshotEnds = /`|"#{0,4}\s{0,4}\)|\]\]/;
const opposite =
  /assert_?not_?|assertFalse|assertTrue|refute|assert_ne|assertNotEquals?|\bnot\b|\.not\.|[!=]==?|_NE\b|_EQ\b|IsFalse|IsTrue|NotEqual|isFalse|isTrue|be_truthy|be_falsey/gi;

export const expectationsChanged = rule({
  name: "expectations_changed",
  verdict: "undo",
  what: "What tests expect was changed, and no code that would explain it.",
  undo: "Bring the expected values back and make the code give them.",
  patterns: [row, expected, values, title, snapshotBegins, snapshotEnds, opposite],
  *find(change) {
    if (change.sourceChanged) return;
    const seen = new Set<string>();
    const all = [...stored(change), ...inline(change), ...exchanged(change), ...retold(change)];
    for (const place of all) {
      const key = `${place.file}:${place.line}`;
      if (!seen.has(key)) yield place;
      seen.add(key);
    }
  },
});

/** Snapshots and the like. What is only added belongs to a new test. */
function* stored(change: ChangeSet): Iterable<Place> {
  for (const file of change.files) {
    if (!file.is("expectation") || file.status === "added" || file.language !== null) continue;
    const line = file.hunks
      .flat()
      .find(({ op, text, isMoved }) => op === "-" && !isMoved && !title.test(text));
    if (line !== undefined)
      yield { file: file.path, line: line.number, evidence: `- ${line.text.trim()}` };
    else if (file.isBinary || file.status === "deleted")
      yield { file: file.path, line: null, evidence: `the file was ${wordOf(file)}` };
  }
}

/** Snapshots that stand in the test itself, over several lines. */
function* inline(change: ChangeSet): Iterable<Place> {
  for (const file of change.files)
    for (const hunk of file.hunks) {
      let isInside = false;
      for (const { op, text, number, inTest, isMoved } of hunk) {
        if (isInside && snapshotEnds.test(text)) isInside = false;
        if (isInside && op === "-" && !isMoved && text.trim() !== "")
          yield { file: file.path, line: number, evidence: `- ${text.trim()}` };
        if (inTest && snapshotBegins.test(text)) isInside = true;
      }
    }
}

/** Lines of tests that were replaced by the same with other values, or with the opposite meaning. */
function* exchanged(change: ChangeSet): Iterable<Place> {
  for (const file of change.files) {
    if (
      file.language === null ? !file.is("testData") : !file.hunks.flat().some((line) => line.inTest)
    )
      continue;
    for (const hunk of file.hunks) {
      const removed = new Map<string, string[]>();
      for (const line of hunk) {
        if (line.op !== "-" || line.isMoved || !expects(file, line)) continue;
        for (const key of keysOf(file, line)) push(removed, key, line.text);
      }
      for (const line of hunk) {
        if (line.op !== "+" || line.isMoved || !expects(file, line)) continue;
        const before = keysOf(file, line).flatMap((key) => removed.get(key)?.shift() ?? []);
        if (before.some((text) => valuePart(file, text) !== valuePart(file, line.text)))
          yield {
            file: file.path,
            line: line.number,
            evidence: `${before[0]?.trim()} → ${line.text.trim()}`,
          };
      }
    }
  }
}

function expects(file: ChangedFile, line: Line): boolean {
  if (line.isComment) return false;
  if (file.language === null) return values.test(line.text);
  return (
    line.inTest &&
    (file.language.assertion.test(line.text) ||
      expected.test(line.text) ||
      isCaseRow(line.text) ||
      values.test(line.text))
  );
}

function keysOf(file: ChangedFile, line: Line): string[] {
  const text = titleless(file, line.text);
  const shape = `${line.block} ${shapeOf(text)}`;
  const turned = `${line.block} ~${bare(text).replaceAll(opposite, "")}`;
  return literalsOf(text).length > 0 ? [shape, turned] : [turned];
}

/** What a line says about values: of a row of a table, not the name of the case. */
function valuePart(file: ChangedFile, text: string): string {
  const named = row.test(text) && literalsOf(text).length > 2;
  return bare(titleless(file, named ? text.replace(/["'`][^"'`]{0,200}["'`]/, "") : text));
}

/** The title of a test says nothing about what it expects. */
function titleless({ language }: ChangedFile, text: string): string {
  return language?.test.test(text) === true ? text.replace(language.test, "") : text;
}

/** Checks whose values are gone, in tests that check something else instead. */
function* retold(change: ChangeSet): Iterable<Place> {
  const present = new Set(
    change.files
      .flatMap((file) => file.hunks.flat())
      .filter(({ op, isComment }) => op === "+" && !isComment)
      .flatMap(({ text }) => valuesOf(text)),
  );
  for (const { lost, gained } of testBalance(change).tests.values()) {
    const gone = lost.find(
      ({ strength, text }) =>
        strength !== "plain" &&
        literalsOf(text).some((value) => isTelling(value) && !present.has(valueOf(value))),
    );
    if (gone === undefined || gained.length === 0) continue;
    const { file, line } = gone;
    yield { file: file.path, line: line.number, evidence: `- ${line.text.trim()}` };
  }
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
