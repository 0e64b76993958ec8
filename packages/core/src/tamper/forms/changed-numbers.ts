import type { ChangedFile, ChangeSet } from "../change-set.ts";
import type { Line } from "../lines.ts";
import type { Place } from "../rule.ts";

/** A number with a name: the first group is the name, the second the number. */
export interface NamedNumber {
  pattern: RegExp;
  /** Which way it must not go. `gone`: it must not vanish either. */
  worse: "lower" | "higher";
  gone: "worse" | "fine";
  /** What a number that was not there before counts as; without it, a new one is fine. */
  before?: number;
}

interface Found {
  file: ChangedFile;
  line: Line;
  value: number;
}

/** Numbers that the change made worse. Old and new ones are matched by name, first in the file and then over the whole diff. */
export function* changedNumbers(
  change: ChangeSet,
  numbers: readonly NamedNumber[],
  fits: (file: ChangedFile, line: Line) => boolean,
): Iterable<Place> {
  for (const number of numbers) {
    const before = new Map<string, Found[]>();
    const now = new Map<string, Found[]>();
    for (const file of change.files)
      for (const line of file.hunks.flat()) {
        if (line.op === " " || line.isMoved || line.isComment || !fits(file, line)) continue;
        const [, name = "", value] = number.pattern.exec(line.text) ?? [];
        if (value === undefined) continue;
        const side = line.op === "-" ? before : now;
        const found = { file, line, value: Number(value.replaceAll(/[_,%]/g, "")) };
        const known = side.get(name.toLowerCase());
        if (known === undefined) side.set(name.toLowerCase(), [found]);
        else known.push(found);
      }
    for (const name of new Set([...before.keys(), ...now.keys()]))
      yield* worsened(before.get(name) ?? [], now.get(name) ?? [], number);
  }
}

function* worsened(before: Found[], now: Found[], number: NamedNumber): Iterable<Place> {
  for (const old of before) {
    const at = now.findIndex(({ file }) => file === old.file);
    const [found] = now.splice(at === -1 ? 0 : at, 1);
    if (found === undefined && number.gone === "worse")
      yield place(old, `${old.line.text.trim()} (removed)`);
    if (found === undefined || found.value === old.value) continue;
    if (found.value < old.value === (number.worse === "lower"))
      yield place(found, `${old.line.text.trim()} → ${found.line.text.trim()}`);
  }
  const { before: implied } = number;
  if (implied === undefined) return;
  for (const found of now)
    if (number.worse === "higher" ? found.value > implied : found.value < implied)
      yield place(found, found.line.text);
}

function place({ file, line }: Found, evidence: string): Place {
  return { file: file.path, line: line.number, evidence };
}
