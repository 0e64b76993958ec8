import type { ChangedFile, ChangeSet } from "./change-set.ts";
import { type Check, checksOf, withoutSame } from "./checks.ts";
import type { Line } from "./lines.ts";
import { isTelling, literalsOf } from "./literals.ts";
import { lostTests } from "./lost-tests.ts";
import { type RunIndex, runIndex } from "./run-index.ts";

/** What the tests lost and got, by test: everything that is not the same on both sides, or told again in other words. */
export interface TestBalance {
  lostTests: { file: ChangedFile; line: Line }[];
  tests: ReadonlyMap<string, { lost: Check[]; gained: Check[] }>;
}

const balances = new WeakMap<ChangeSet, TestBalance>();

/**
 * Weighs removed tests and checks against added ones over the whole diff. Renamed, moved, merged and parametrised tests balance, as their values are
 * there again; tests of what production code lost do not count. Once per change set.
 */
export function testBalance(change: ChangeSet): TestBalance {
  const known = balances.get(change);
  if (known !== undefined) return known;
  const balance = weigh(change);
  balances.set(change, balance);
  return balance;
}

function weigh(change: ChangeSet): TestBalance {
  const checks = checksOf(change);
  const removed = withoutSame(checks, "-");
  const added = withoutSame(checks, "+");
  const runs = runIndex(change, checks);
  const isKept = (check: Check): boolean => wasToldAgain(check, runs);
  const { lost, sameTest, gone } = lostTests(change, checks, removed, added, isKept);

  const tests = new Map<string, { lost: Check[]; gained: Check[] }>();
  const sideOf = (check: Check, key: string): { lost: Check[]; gained: Check[] } => {
    const side = tests.get(key) ?? { lost: [], gained: [] };
    tests.set(key, side);
    return side;
  };
  for (const check of removed) {
    const { test } = check.line;
    if ((test !== null && gone.has(test)) || isKept(check)) continue;
    if (change.gone.names(check.text) || change.gone.testedBy(check.file.path)) continue;
    sideOf(check, sameTest.get(keyOf(check)) ?? keyOf(check)).lost.push(check);
  }
  for (const check of added) sideOf(check, keyOf(check)).gained.push(check);
  return { lostTests: lost, tests };
}

/** Whether the values of a removed check stand together in what was added, near a check that is no weaker. */
function wasToldAgain(check: Check, runs: RunIndex): boolean {
  const telling = literalsOf(check.text).filter(isTelling);
  const values = telling.filter((value) => !/^(?:true|false|null|None|nil)$/i.test(value));
  return values.length > 0 && runs.have(values, check.strength === "exact" ? "strong" : "any");
}

function keyOf({ file, line }: Check): string {
  return line.test === null || line.test.name === "" ? `\n${file.path}` : line.test.name;
}
