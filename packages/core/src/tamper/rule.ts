import type { ChangeSet } from "./change-set.ts";
import type { TamperVerdict } from "./finding.ts";

/** One way to make green mean less. A file in `rules/` each; to add one, write it and name it in `rules/index.ts`. */
export interface TamperRule<Name extends string = string> {
  /** The key in the config and the word behind `--allow`: stable. */
  name: Name;
  /** Where the config says nothing. */
  verdict: TamperVerdict;
  /** For people: what was found. */
  what: string;
  /** For the agent: what to do about it. */
  undo: string;
  /** Every regular expression of the rule's own. Each takes time linear in the line: a test tries. */
  patterns: readonly RegExp[];
  find: (change: ChangeSet) => Iterable<Place>;
}

export interface Place {
  file: string;
  line: number | null;
  evidence: string;
}

/** Keeps the name's literal type, from which the config's keys are made. */
export function rule<Name extends string>(parts: TamperRule<Name>): TamperRule<Name> {
  return parts;
}
