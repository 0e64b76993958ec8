import { createRedactor, findSecret } from "../redact.ts";
import { changeSet } from "./change-set.ts";
import { parseDiff } from "./diff.ts";
import type { Finding, TamperVerdict } from "./finding.ts";
import type { TamperPolicy } from "./policy.ts";
import type { Place, TamperRule } from "./rule.ts";
import { tamperRules } from "./rules/index.ts";

export interface TamperOptions {
  policy: TamperPolicy;
  /** Names of rules that a person let through for this task: their findings are told, and pass. */
  allowed: readonly string[];
  /** Bytes of added and changed files, by path. A binary file that is not named here is judged by its name. */
  sizes?: ReadonlyMap<string, number>;
  /** Above this a file counts as big; 1 MiB by default. */
  binaryLimitBytes?: number;
  /** By default documented forms of secrets; give one that also knows values. */
  findSecret?: (text: string) => { kind: string } | null;
  /** Takes secrets out of evidence; by default documented forms. */
  redact?: (text: string) => string;
}

/**
 * Looks for changes after which green means less. `diff` is what `git diff --no-color --no-ext-diff --no-textconv -M --full-index --unified=10
 * <merge base> <commit>` prints. Never throws, whatever the diff holds; linear in it. In the order of the rules, at most {@link mostPerRule} of each.
 */
export function findTampering(diff: string, options: TamperOptions): Finding[] {
  const { policy, allowed, redact = createRedactor([]) } = options;
  const change = changeSet(parseDiff(diff), {
    protectedPaths: policy.protected_paths,
    sizes: options.sizes ?? new Map<string, number>(),
    binaryLimitBytes: options.binaryLimitBytes ?? 1_048_576,
    findSecret: options.findSecret ?? ((text) => findSecret(text, [])),
  });
  return tamperRules.flatMap((rule: TamperRule<(typeof tamperRules)[number]["name"]>) => {
    const verdict: TamperVerdict = allowed.includes(rule.name) ? "allow" : policy[rule.name];
    return firstOf(rule.find(change)).map(({ file, line, evidence }) => ({
      rule: rule.name,
      file,
      line: line !== null && line > 0 ? line : null,
      evidence: oneLine(redact(evidence)),
      verdict,
    }));
  });
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

function oneLine(evidence: string): string {
  const line = evidence.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length > 200 ? `${line.slice(0, 199).replace(/[\uD800-\uDBFF]$/, "")}…` : line;
}
