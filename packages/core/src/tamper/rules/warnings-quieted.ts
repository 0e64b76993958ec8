import type { ChangeSet } from "../change-set.ts";
import { addedLines } from "../forms/added-lines.ts";
import { type Place, rule } from "../rule.ts";

/** One named check on one line or item. */
const narrow =
  /(?:disable|ignore)-(?:next-)?line\s{1,4}[\w@/,-]{3,120}|\bnoqa:\s{0,4}[A-Z]{1,5}\d|\b(?:ignore|expect)\[[\w, -]{3,80}\]|\bnolint:(?!all)\w|\b(?:allow|expect)\((?!warnings|clippy::all|unused\s{0,2}\))\w{1,20}(?:::\w{1,60})?\s{0,4}[,)]|Suppress\w{0,10}\(\s{0,4}"(?!all|ALL)[\w:-]{3,60}"|rubocop:disable (?!all)[A-Z]\w{1,30}\/\w|pylint:\s{0,4}disable=[\w-]{3,60}|@phpstan-ignore \w|\bNOLINT(?:NEXTLINE)?\([\w-]{3,60}|shellcheck disable=SC\d|swiftlint:disable:(?:next|this) \w/;
/** Three words at least that say why. */
const reason =
  /(?:--|—|#|\/\/|\)|\]|: |reason\s{0,4}=\s{0,4}")\s{0,4}[a-zA-Z']{1,30}[\s,]{1,3}[\w'-]{1,30}[\s,]{1,3}[\w'-]{1,30}[^"]{0,200}$/;

export const warningsQuieted = rule({
  name: "warnings_quieted",
  verdict: "undo",
  what: "A checker of types, style, security or coverage was told to ignore code.",
  undo: "Remove the comment or attribute and fix what the checker says.",
  patterns: [narrow, reason],
  find: (change) => quieted(change, false),
});

export const warningsQuietedWithReason = rule({
  name: "warnings_quieted_with_reason",
  verdict: "allow",
  what: "One named check was told to ignore one place, with the reason beside it.",
  undo: "Remove the comment or attribute and fix what the checker says.",
  patterns: [],
  find: (change) => quieted(change, true),
});

function quieted(change: ChangeSet, withReason: boolean): Iterable<Place> {
  return addedLines(
    change,
    (file) => (file.is("generated") ? [] : (file.language?.quieted ?? [])),
    ({ line: { text } }) => (narrow.test(text) && reason.test(text)) === withReason,
  );
}
