import { tamperRules, type TamperRuleName } from "./rules/index.ts";

/** Every rule, as the config and `--allow` name it. */
export const ruleNames: readonly TamperRuleName[] = tamperRules.map((rule) => rule.name);

/** A rule's words: `what` was found, for people; how to `undo` it, for the agent. Of a rule that is no more, its name. */
export function ruleWords(name: string): { what: string; undo: string } {
  const rule = tamperRules.find((one) => one.name === name);
  return rule === undefined
    ? { what: name, undo: `Undo what ${name} found.` }
    : { what: rule.what, undo: rule.undo };
}
