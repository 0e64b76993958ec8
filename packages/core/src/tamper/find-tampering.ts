import { oneLine } from "../one-line.ts";
import { createRedactor, findSecret } from "../redact.ts";
import { changeSet } from "./change-set.ts";
import { parseDiff } from "./diff.ts";
import type { Finding, TamperVerdict } from "./finding.ts";
import type { TamperPolicy } from "./policy.ts";
import type { Place, TamperRule } from "./rule.ts";
import { tamperRules, type TamperRuleName } from "./rules/index.ts";

export interface TamperOptions {
  policy: TamperPolicy;
  /** Names of rules that a person let through for this task: their findings are told, and pass. */
  allowed: readonly string[];
  /** Bytes of added and changed files, by path. A binary file that is not named here is judged by its name. */
  sizes?: ReadonlyMap<string, number>;
  /** By default documented forms of secrets; give one that also knows values. */
  findSecret?: (text: string) => { kind: string } | null;
  /** Takes secrets out of evidence; by default documented forms. */
  redact?: (text: string) => string;
}

/**
 * Looks for changes after which green means less. `diff` is what `git diff --no-color --no-ext-diff --no-textconv -M --full-index --unified=10
 * <merge base> <commit>` prints, or null when that is too long to be looked through. Never throws, whatever the diff holds; linear in it. In the
 * order of the rules, at most {@link mostPerRule} of each.
 */
export function findTampering(diff: string | null, options: TamperOptions): Finding[] {
  const { policy, allowed, redact = createRedactor([]) } = options;
  const verdictOf = (name: TamperRuleName): TamperVerdict =>
    allowed.includes(name) ? "allow" : policy[name];
  if (diff === null) return [tooLong(verdictOf("diff_hidden"))];
  const change = changeSet(parseDiff(diff), {
    protectedPaths: policy.protected_paths,
    sizes: options.sizes ?? new Map<string, number>(),
    findSecret: options.findSecret ?? ((text) => findSecret(text, [])),
  });
  return tamperRules.flatMap((rule: TamperRule<TamperRuleName>) => {
    const verdict = verdictOf(rule.name);
    return firstOf(rule.find(change)).map(({ file, line, evidence }) => ({
      rule: rule.name,
      file,
      line: line !== null && line > 0 ? line : null,
      evidence: oneLine(redact(evidence), { maxChars: 200 }),
      verdict,
    }));
  });
}

/** What nobody can look through hides what it changes. */
function tooLong(verdict: TamperVerdict): Finding {
  const evidence = "the change is too long, as text, to be looked through";
  return { rule: "diff_hidden", file: ".", line: null, evidence, verdict };
}

/** Nobody reads on; the verdict is the same. */
const mostPerRule = 20;

function firstOf(places: Iterable<Place>): Place[] {
  const seen = new Map<string, Place>();
  for (const place of places) {
    seen.set(`${place.file}\n${place.line}`, place);
    if (seen.size === mostPerRule) break;
  }
  return [...seen.values()];
}
