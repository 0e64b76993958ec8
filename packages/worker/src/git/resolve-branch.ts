import { UserError } from "@ampx/core";
import { branchName } from "./branch-name.ts";
import type { Repository } from "./repository.ts";

/** The branch that a change is for: the one asked for, else the default. Throws a `UserError` that lists what is there. */
export function resolveBase(repository: Repository, asked?: string): string {
  const base = asked?.replace(/^refs\/heads\//, "") ?? repository.defaultBranch;
  if (base === null) {
    throw new UserError(`It is not clear which branch of ${repository.url} the change is for`, {
      kind: "invalid",
      tryThis: `name it: --base ${listed(repository.branches)}`,
    });
  }
  if (repository.branches.includes(base)) return base;
  throw new UserError(`${repository.url} has no branch ${JSON.stringify(base)}`, {
    kind: "not_found",
    tryThis: `--base ${listed(repository.branches)}`,
  });
}

/** Checks the name of a task's new branch: valid, not the base, not taken. Throws a `UserError`. */
export function resolveBranch(
  repository: Pick<Repository, "url" | "branches">,
  base: string,
  asked: string,
): string {
  const branch = branchName(asked);
  const taken = [...repository.branches, base].find(
    (other) => other === branch || other.startsWith(`${branch}/`) || branch.startsWith(`${other}/`),
  );
  if (taken === undefined) return branch;
  const why = taken === branch ? "exists already" : `cannot stand beside ${JSON.stringify(taken)}`;
  throw new UserError(`Branch ${JSON.stringify(branch)} ${why} in ${repository.url}`, {
    kind: "conflict",
    tryThis: "choose another name: --branch",
  });
}

function listed(branches: string[]): string {
  const shown = branches.slice(0, 10).join(" | ");
  return branches.length > 10 ? `${shown} | … (${branches.length} in all)` : shown;
}
