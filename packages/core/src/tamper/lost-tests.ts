import type { ChangedFile, ChangeSet } from "./change-set.ts";
import type { Check } from "./checks.ts";
import type { Line, TestCase } from "./lines.ts";

export interface LostTests {
  lost: { file: ChangedFile; line: Line }[];
  /** New keys of tests by their old ones, where a test was renamed or rewritten. */
  sameTest: Map<string, string>;
  /** Tests whose checks need not be looked at: they are lost, or may go. */
  gone: Set<TestCase>;
}

/**
 * Which removed tests are lost: neither renamed, rewritten, merged with others or told again as a table, nor of something that production code lost.
 * `missing` are the removed checks that do not stand elsewhere, `isKept` tells of those that are told again.
 */
export function lostTests(
  change: ChangeSet,
  checks: readonly Check[],
  removed: readonly Check[],
  added: readonly Check[],
  isKept: (check: Check) => boolean,
): LostTests {
  const result: LostTests = { lost: [], sameTest: new Map(), gone: new Set() };
  const checksIn = Map.groupBy(checks, ({ line }) => line.test);
  const missing = new Set(removed);
  const addedIn = Map.groupBy(added, ({ line }) => line.test);
  const allNames = new Map<string, number>();
  for (const { line } of begun(change, "+")) {
    const name = nameOf(line);
    allNames.set(name, (allNames.get(name) ?? 0) + 1);
  }
  const unmatched = begun(change, "-").filter(({ line }) => {
    const left = line.test === null ? 0 : (allNames.get(nameOf(line)) ?? 0);
    if (left > 0) allNames.set(nameOf(line), left - 1);
    return left === 0;
  });
  const removedNames = new Set(begun(change, "-").map(({ line }) => nameOf(line)));
  const fresh = Map.groupBy(
    begun(change, "+").filter(({ line }) => !removedNames.has(nameOf(line))),
    ({ file }) => file,
  );

  const take = (lost: Begun, fits: (other: Begun) => boolean): boolean => {
    const others = fresh.get(lost.file) ?? [];
    const at = others.findIndex(fits);
    const [found] = at === -1 ? [] : others.splice(at, 1);
    if (found !== undefined) result.sameTest.set(nameOf(lost.line), nameOf(found.line));
    return found !== undefined;
  };

  for (const test of unmatched) {
    const { file, line } = test;
    if (line.test === null) continue;
    const mine = checksIn.get(line.test) ?? [];
    const inPlace = (other: Begun): boolean =>
      other.hunk === test.hunk && other.line.block === line.block;
    const body = (other: Begun): boolean => (addedIn.get(other.line.test) ?? []).length > 0;
    if (take(test, inPlace)) continue;
    if (change.gone.testedBy(file.path) || mayGo(change, test)) result.gone.add(line.test);
    else if (isMerged(test)) continue;
    else if (
      mine.length > 0 &&
      mine.filter((check) => !missing.has(check) || isKept(check)).length * 2 >= mine.length
    )
      continue;
    else if (change.sourceChanged && take(test, body)) continue;
    else {
      result.gone.add(line.test);
      result.lost.push({ file, line });
    }
  }
  return result;
}

interface Begun {
  file: ChangedFile;
  line: Line;
  hunk: readonly Line[];
  index: number;
}

function begun(change: ChangeSet, side: "+" | "-"): Begun[] {
  return change.files.flatMap((file) =>
    file.hunks.flatMap((hunk) =>
      hunk.flatMap((line, index) =>
        line.op === side && line.beginsTest && !line.isComment ? [{ file, line, hunk, index }] : [],
      ),
    ),
  );
}

function nameOf(line: Line): string {
  return line.test?.name ?? "";
}

/** Whether the removed lines of a test name something that production code lost. */
function mayGo(change: ChangeSet, { line, hunk, index }: Begun): boolean {
  return [line, ...bodyOf(hunk, index)].some(
    ({ op, text }) => op === "-" && change.gone.names(text),
  );
}

/** Whether the test's body stayed where it was, and only the lines that parted it from the test above are gone. */
function isMerged({ file: { language }, line, hunk, index }: Begun): boolean {
  if (language === null || hunk.some((one) => one.op === "+" && one.block === line.block))
    return false;
  const isMark = language.test
    .exec(line.text)
    ?.slice(1)
    .every((name) => name === undefined);
  if (isMark === true && hunk[index + 1]?.op !== "-") return false;
  return bodyOf(hunk, index).some(({ op, text }) => op === " " && language.assertion.test(text));
}

/** The lines of a removed test, and those that stayed of it. */
function bodyOf(hunk: readonly Line[], index: number): readonly Line[] {
  const body: Line[] = [];
  for (let at = index + 1; at < hunk.length; at++) {
    const line = hunk[at];
    if (line === undefined || (line.beginsTest && line.op !== "+")) break;
    if (line.op !== "+") body.push(line);
  }
  return body;
}
