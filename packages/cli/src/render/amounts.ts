import { dollars, type UsedView } from "@ampx/core";

/** A cap in US dollars, as a person would write it: `$5`. */
export function dollarCap(usd: number): string {
  return Number.isInteger(usd) ? `$${usd}` : dollars(usd);
}

/** A number of tokens in two or three digits: `830`, `12k`, `1.2M`. */
export function tokenCount(tokens: number): string {
  let value = tokens;
  let unit = "";
  for (const larger of ["k", "M", "G"]) {
    // What would be rounded up to 1000 is one of the next unit.
    if (value < 999.5) break;
    value /= 1_000;
    unit = larger;
  }
  return `${value < 9.95 && unit !== "" ? value.toFixed(1).replace(".0", "") : Math.round(value)}${unit}`;
}

/** All tokens that are known of, whatever their kind. */
export function tokensOf(used: UsedView): number {
  return used.input_tokens + used.output_tokens + used.cache_read_tokens + used.cache_write_tokens;
}

/** Whether nothing was used yet, which is not the same as that nothing is known. */
export function isNothing(used: UsedView): boolean {
  return used.usd === 0 && used.usd_known && used.tokens_known && tokensOf(used) === 0;
}

/** The cost in a cell of a table: `$0.42`, `≥$0.42` where something has not told, `?` where nothing has; empty before anything was used. */
export function costCell(used: UsedView): string {
  if (isNothing(used)) return "";
  if (used.usd_known) return dollars(used.usd);
  return used.usd === 0 ? "?" : `≥${dollars(used.usd)}`;
}

/** The tokens in such a cell. */
export function tokenCell(tokens: number, isKnown: boolean): string {
  if (isKnown) return tokenCount(tokens);
  return tokens === 0 ? "?" : `≥${tokenCount(tokens)}`;
}

/** The cost in words: `$0.42`, `at least $0.42`, `unknown cost`. */
export function costWords({
  usd,
  usd_known: isKnown,
}: Pick<UsedView, "usd" | "usd_known">): string {
  if (isKnown) return dollars(usd);
  return usd === 0 ? "unknown cost" : `at least ${dollars(usd)}`;
}

/** The tokens in words, without the noun: `12k`, `at least 12k`, `unknown`. */
export function tokenWords(used: UsedView): string {
  const tokens = tokensOf(used);
  if (used.tokens_known) return tokenCount(tokens);
  return tokens === 0 ? "unknown" : `at least ${tokenCount(tokens)}`;
}
