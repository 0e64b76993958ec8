import { allowable } from "@ampx/core/allowable";
import { option } from "@oclif/core/flags";

/** `--allow`, which names what a person lets through. */
export function allowFlag(description: string) {
  return option({
    options: allowable,
    multiple: true,
    multipleNonGreedy: true,
  })({ description, helpValue: "<rule>" });
}
