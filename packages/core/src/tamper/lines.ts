import type { DiffLine, Hunk } from "./diff.ts";
import type { Language } from "./language.ts";

/** A line of a hunk, and where in the program it stands. */
export interface Line {
  op: " " | "+" | "-";
  /** Cut off where no person would read on: rules look at no more. */
  text: string;
  /** In the new file, or in the old one where the line is gone. */
  number: number;
  inTest: boolean;
  isComment: boolean;
  /** The test that it belongs to, on its side of the change. */
  test: TestCase | null;
  /** Whether it begins that test. */
  beginsTest: boolean;
  /** Whether the change moved it: the same line stands among those on the other side. */
  isMoved: boolean;
  /** Lines that were exchanged for each other share it. */
  block: number;
}

export interface TestCase {
  name: string;
  /** Of the line that begins it. */
  op: " " | "+" | "-";
}

/** Reads the lines of a hunk in its language. */
export function readLines(hunk: Hunk, language: Language | null, isTest: boolean): Line[] {
  let inTest = isTest || (language?.testsFrom?.test(hunk.heading.slice(0, longest)) ?? false);
  let before: TestCase | null = language === null ? null : namedTest(hunk.heading, language, " ");
  let now = before;
  let block = 0;
  let last = " ";
  return hunk.lines.map((line, index) => {
    const text = line.text.slice(0, longest);
    if (line.op === " " && last !== " ") block++;
    last = line.op;
    const isComment = language?.comment.test(text) ?? false;
    if (!inTest && language?.testsFrom?.test(text) === true) inTest = true;
    const begun =
      inTest && language !== null && language.test.test(text)
        ? beginning(hunk.lines, index, language)
        : null;
    if (begun !== null && line.op !== "+") before = begun;
    if (begun !== null && line.op !== "-") now = begun;
    const test = line.op === "-" ? before : now;
    const number = line.newLine ?? line.oldLine ?? 1;
    const beginsTest = begun !== null;
    return {
      op: line.op,
      text,
      number,
      inTest,
      isComment,
      test,
      beginsTest,
      isMoved: false,
      block,
    };
  });
}

/** Also bounds what a regular expression can cost. */
const longest = 1_000;

function beginning(lines: readonly DiffLine[], index: number, language: Language): TestCase | null {
  const line = lines[index];
  if (line === undefined) return null;
  const named = namedTest(line.text, language, line.op);
  if (named !== null && named.name !== "") return named;
  for (const { op, text } of lines.slice(index + 1, index + 12)) {
    if (op !== line.op && op !== " " && line.op !== " ") continue;
    if (/^\s*(?:[@[*/]|#\[|$)/.test(text)) continue;
    return { name: /(\w+|`[^`]+`)\s?[(<]/.exec(text.slice(0, 300))?.[1] ?? "", op: line.op };
  }
  return named;
}

function namedTest(text: string, language: Language, op: TestCase["op"]): TestCase | null {
  const match = language.test.exec(text.slice(0, longest));
  return match === null ? null : { name: match.slice(1).find((name) => name) ?? "", op };
}
