import type { LaneRule, LaneSource } from "./lane-rule.ts";
import { literalScanner } from "./literal-scanner.ts";
import { laneSources } from "./rules/index.ts";

/** What a line says about something other than the code. */
export interface Trouble {
  /** The first rule that fits. */
  rule: LaneRule | null;
  /** The rules that a line like this takes back. */
  takesBack: readonly LaneRule[];
}

/**
 * Looks a line up in all rules; null for an ordinary line, and that fast.
 *
 * @param before The lines that stand right before it.
 */
export function findTrouble(line: string, before: readonly string[] = []): Trouble | null {
  const hits = scan(line);
  if (hits.length === 0) return null;
  const text = line.slice(0, lookedAt);
  const around = [text, ...before.map((other) => other.slice(0, lookedAt))];
  const members = new Set<number>();
  for (const hit of hits) for (const member of membersOf[hit] ?? []) members.add(member);
  let rule: LaneRule | null = null;
  const takesBack: LaneRule[] = [];
  for (const member of [...members].toSorted((a, b) => a - b)) {
    const { source, rule: candidate } = families[member] ?? {};
    if (candidate !== undefined) rule ??= fits(candidate, text, around) ? candidate : null;
    else if (source?.recovered !== undefined && (source.recovered.pattern?.test(text) ?? true))
      takesBack.push(...(source.recovered.ofEverySource === true ? allRules : source.rules));
  }
  return { rule, takesBack };
}

function fits({ pattern, near, unless }: LaneRule, text: string, around: string[]): boolean {
  return (
    (pattern?.test(text) ?? true) &&
    (near === undefined || around.some((line) => near.test(line))) &&
    !(unless?.test(text) ?? false)
  );
}

const lookedAt = 2_000;
const allRules = laneSources.flatMap((source) => source.rules);

/** Every rule, and every way to recover, in their order. */
const families: readonly { source: LaneSource; rule?: LaneRule; literals: readonly string[] }[] =
  laneSources.flatMap((source) => [
    ...source.rules.map((rule) => ({ source, rule, literals: rule.literals })),
    ...(source.recovered === undefined ? [] : [{ source, literals: source.recovered.literals }]),
  ]);
const literals = [...new Set(families.flatMap((member) => member.literals))];
/** By literal: the members of `families` that ask for it. */
const membersOf = literals.map((literal) =>
  families.flatMap((member, index) => (member.literals.includes(literal) ? [index] : [])),
);
const scan = literalScanner(literals);
