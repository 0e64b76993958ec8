import type { ChangedFile, ChangeSet } from "../change-set.ts";
import { addedLines, below } from "../forms/added-lines.ts";
import { isTelling, literalsOf } from "../literals.ts";
import { type Place, rule } from "../rule.ts";

/** Owns up to it. */
const confession =
  /(?:\/\/|#|\*|--)[^\n]{0,80}\b(?:hack|special[- ]case[ds]?|hard-?cod\w{1,4}|cheat|fake|pretend|satisf\w{1,3}|appease|trick)\b[^\n]{0,60}\b(?:tests?|test suite|CI|spec)\b|\b(?:make|get|let|so that|just so)\b.{0,20}\b(?:tests?|CI|spec)\b.{0,20}\b(?:pass|green|happy)/i;
/** Compares two things with fixed values, to give a third. */
const pair = /\bif\b.{1,120}={2,3}.{1,80}(?:&&|\band\b).{1,80}={2,3}/;
const gives = /\breturn\b(.{1,120})/;

export const testsDetected = rule({
  name: "tests_detected",
  verdict: "undo",
  what: "Production code behaves differently while it is tested, or knows the test's values.",
  undo: "Make the code do the same, tested or not, and compute what it gives.",
  patterns: [confession, pair, gives],
  *find(change) {
    yield* addedLines(
      change,
      (file) => (isProgram(file) ? (file.language?.detectsTests ?? []) : []),
      ({ line }) => !line.isComment && !line.inTest,
      { inStrings: true },
    );
    yield* special(change);
  },
});

function isProgram(file: ChangedFile): boolean {
  const isSetting = file.is("manifest") || file.is("config") || file.is("script");
  return file.isProduction && !isSetting && !file.is("generated");
}

function special(change: ChangeSet): Iterable<Place> {
  return addedLines(
    change,
    (file) => (isProgram(file) && file.language !== null ? [confession, pair] : []),
    ({ line, hunk, index }) => {
      if (line.inTest) return false;
      if (confession.test(line.text)) return true;
      const [next] = below(hunk, index);
      const given = gives.exec(line.text)?.[1] ?? gives.exec(next?.text ?? "")?.[1] ?? "";
      const isFixed = /^\s*\(?\s*(?:["'`].*["'`]|-?[\d.]+\w?)\s*\)?\s*;?\s*\}?\s*$/.test(
        given.slice(0, 120),
      );
      const compared = literalsOf(line.text.replace(gives, "")).filter(isTelling);
      return isFixed && literalsOf(given).some(isTelling) && compared.length > 1;
    },
  );
}
