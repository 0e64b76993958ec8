/**
 * Tells which of many literals a text holds, in one pass of a few nanoseconds a character however many there are: three characters at a
 * time are looked up in a table, and only where it knows them the literals are compared. Letter case counts. The lanes' `literalScanner`
 * does not serve here: it is quick because it skips, which literals of three characters never let it do.
 *
 * @param groups The literals of each group, at least 3 characters each.
 * @returns Calls `found` with the index of each group that has a literal in the text, possibly more than once.
 */
export function literalIndex(
  groups: readonly (readonly string[])[],
): (text: string, found: (group: number) => void) => void {
  const known = new Uint8Array(1 << 15);
  const candidates: { literal: string; group: number }[][] = [];
  for (const [group, literals] of groups.entries()) {
    for (const literal of literals) {
      if (literal.length < 3) throw new Error(`the hint ${JSON.stringify(literal)} is too short`);
      const key = keyAt(literal, 0);
      known[key] = 1;
      candidates[key] = [...(candidates[key] ?? []), { literal, group }];
    }
  }

  return (text, found) => {
    let key = keyAt(text, -1);
    for (let at = 2; at < text.length; at++) {
      key = ((key << 5) | (text.charCodeAt(at) & 31)) & 0x7fff;
      if (known[key] === 0) continue;
      for (const { literal, group } of candidates[key] ?? [])
        if (text.startsWith(literal, at - 2)) found(group);
    }
  };
}

/** Five bits of each of the three characters from here on; none for those before the text. */
function keyAt(text: string, from: number): number {
  let key = 0;
  for (let at = from; at < from + 3; at++)
    key = (key << 5) | (at < 0 ? 0 : text.charCodeAt(at) & 31);
  return key;
}
