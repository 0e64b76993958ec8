import type { ChangedFile, ChangeOptions } from "../change-set.ts";
import { type Place, rule } from "../rule.ts";

export const secretsAdded = rule({
  name: "secrets_added",
  verdict: "hold",
  what: "A secret was added; taking it out in a later commit leaves it in the history.",
  undo: "Take the secret out of the files.",
  patterns: [],
  *find(change) {
    for (const file of change.files)
      if (!file.is("lockfile")) yield* secretsIn(file, change.options);
  },
});

/** Looks at all that was added at once, and line by line only where there is something. */
function* secretsIn(file: ChangedFile, { findSecret }: ChangeOptions): Iterable<Place> {
  const added = file.hunks.flat().filter((line) => line.op === "+" && !line.isMoved);
  if (findSecret(added.map((line) => line.text).join("\n")) === null) return;
  const isTry = file.isTest || file.is("testData");
  for (const line of added) {
    const secret = findSecret(line.text);
    if (secret !== null && !(isTry && guessed.has(secret.kind)))
      yield { file: file.path, line: line.number, evidence: `${secret.kind}: ${line.text.trim()}` };
  }
}

/** Forms that tests are full of, with made-up values. */
const guessed = new Set(["assignment", "authorization", "jwt", "url-password"]);
