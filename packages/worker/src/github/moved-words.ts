import type { Sha } from "@ampx/core";

/** What somebody else did to a task's branch, and how it can go on. `found`: where it is now; null: nowhere. */
export function movedWords(branch: string, sha: Sha, found: Sha | null): string {
  if (found === null)
    return `the branch ${branch} was deleted on GitHub; ampx continue pushes it again`;
  return `the branch ${branch} was moved to ${found.slice(0, 10)} by somebody else; ampx had pushed ${sha.slice(0, 10)}: put it back there (git push --force origin ${sha}:${branch}), then ampx continue; or go on from theirs by hand, and abort the task`;
}
