import { branchSha, commitFacts } from "../git/commit-facts.ts";
import type { RepositoryCall } from "../http/call.ts";
import { param } from "../http/call.ts";
import { Refusal } from "../http/refusal.ts";

/** The commit that a path names: by its full SHA, or by a branch. */
export async function shaOf(call: RepositoryCall): Promise<string> {
  const ref = param(call, "ref");
  if (/^[0-9a-f]{40}$/.test(ref)) {
    if ((await commitFacts(call.repository, ref)) === undefined)
      throw new Refusal(422, `No commit found for SHA: ${ref}`);
    return ref;
  }
  const sha = await branchSha(call.repository, ref.replace(/^(?:refs\/)?heads\//, ""));
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${ref}`);
  return sha;
}
