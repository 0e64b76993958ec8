import type { SecretPattern } from "./redact-patterns.ts";

/** What takes the place of a secret of this kind. */
export function markOf(kind: string): string {
  return `[redacted:${kind}]`;
}

/** Joins patterns into one expression, so that a text is gone through once, however many there are. */
export function scanner(patterns: readonly SecretPattern[]): {
  redact(text: string): string;
  find(text: string): { kind: string } | null;
} {
  // Each alternative has one group, what stands before the secret: the group that took part tells the pattern.
  const any = new RegExp(
    patterns.map(({ before, secret }) => `(${before?.source ?? ""})(?:${secret.source})`).join("|"),
    "g",
  );

  function identify(
    found: string,
    groups: readonly unknown[],
  ): { pattern: SecretPattern; before: string; random: boolean } | null {
    for (const [index, pattern] of patterns.entries()) {
      const before = groups[index];
      if (typeof before === "string")
        return { pattern, before, random: looksRandom(found.slice(before.length)) };
    }
    return null;
  }

  return {
    redact: (text) =>
      text.replace(any, (found: string, ...groups: unknown[]) => {
        const match = identify(found, groups);
        if (match === null || (match.pattern.onlyIfRandom === true && !match.random)) return found;
        return match.before + markOf(match.pattern.kind);
      }),
    find: (text) => {
      for (const [found, ...groups] of text.matchAll(any)) {
        const match = identify(found, groups);
        if (match === null) continue;
        const { onlyIfRandom, oftenMadeUp, kind } = match.pattern;
        if (match.random || (onlyIfRandom !== true && oftenMadeUp !== true)) return { kind };
      }
      return null;
    },
  };
}

/**
 * Whether a word is more likely drawn than written: random letters and digits change between upper case, lower case and digits all the time (0.62 of
 * neighbours in base 62, 0.47 in hexadecimal), names and versions rarely.
 */
function looksRandom(word: string): boolean {
  if (word.length < 16) return false;
  let changes = 0;
  for (let at = 1; at < word.length; at++) {
    const [before, here] = [classOf(word.charCodeAt(at - 1)), classOf(word.charCodeAt(at))];
    if (before !== here && before !== "other" && here !== "other") changes++;
  }
  return changes / (word.length - 1) >= 0.3;
}

function classOf(code: number): "digit" | "upper" | "lower" | "other" {
  if (code >= 48 && code <= 57) return "digit";
  if (code >= 65 && code <= 90) return "upper";
  if (code >= 97 && code <= 122) return "lower";
  return "other";
}
