/**
 * Finds which of many literals a text holds, the case of ASCII letters ignored, in one pass over it (Wu and Manber's search: the last three characters
 * tell how far the next look may be). An ordinary text costs a few nanoseconds a character, however many literals there are. The tools'
 * `literalIndex` does not serve here: it looks at every character, which takes two to five times as long.
 *
 * @param literals at least 8 characters each.
 * @returns The indexes of those in the text, in no order; the same empty list each time when there are none.
 */
export function literalScanner(literals: readonly string[]): (text: string) => readonly number[] {
  const tooShort = literals.find((literal) => literal.length < window);
  if (tooShort !== undefined) throw new Error(`"${tooShort}" is too short to search for quickly`);
  const shifts = new Uint8Array(1 << 15).fill(window - 2);
  const candidates = new Map<number, { index: number; codes: Uint16Array }[]>();
  for (const [index, literal] of literals.entries()) {
    const codes = Uint16Array.from({ length: literal.length }, (_, at) => codeAt(literal, at));
    for (let end = 2; end < window; end++) {
      const key = keyAt(literal, end);
      shifts[key] = Math.min(shifts[key] ?? 0, window - 1 - end);
      if (end < window - 1) continue;
      candidates.set(key, [...(candidates.get(key) ?? []), { index, codes }]);
    }
  }

  return (text) => {
    let found: Set<number> | null = null;
    for (let end = window - 1; end < text.length;) {
      const key = keyAt(text, end);
      const shift = shifts[key] ?? 1;
      if (shift === 0) {
        for (const { index, codes } of candidates.get(key) ?? [])
          if (isAt(text, end - window + 1, codes)) (found ??= new Set()).add(index);
      }
      end += shift || 1;
    }
    return found === null ? none : [...found];
  };
}

/** Every literal is searched by its first characters, this many. */
const window = 8;
const none: readonly number[] = [];

/** Five bits of each of the three characters that end here: upper and lower case share them. */
function keyAt(text: string, end: number): number {
  return (
    ((text.charCodeAt(end - 2) & 31) << 10) |
    ((text.charCodeAt(end - 1) & 31) << 5) |
    (text.charCodeAt(end) & 31)
  );
}

function isAt(text: string, start: number, codes: Uint16Array): boolean {
  for (let at = 0; at < codes.length; at++)
    if (codeAt(text, start + at) !== codes[at]) return false;
  return true;
}

/** NaN past the end, which equals no code. */
function codeAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 65 && code <= 90 ? code + 32 : code;
}
