import { ruleNames } from "@ampx/core/tamper/rule-words";
import { option } from "@oclif/core/flags";

/** `--allow`, which names what a person lets through. */
export function allowFlag(description: string) {
  return option({
    options: ["base_is_red", ...ruleNames] as const,
    multiple: true,
    multipleNonGreedy: true,
  })({ description, helpValue: "<rule>" });
}
