import { string } from "@oclif/core/flags";

/** `--repo` of what concerns one repository or, without it, all. */
export function repoFlag(description: string) {
  return string({
    description: `${description}: a path, owner/name, or the name of a project`,
    helpValue: "<path>",
  });
}
