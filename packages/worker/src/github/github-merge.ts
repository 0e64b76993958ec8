import { TransientError, type Sha } from "@ampx/core";
import { z } from "zod";
import type { Forge, MergeResult } from "../ports.ts";
import { Nothing, type Pull, type Repo } from "./answers/index.ts";
import type { Call } from "./client.ts";
import type { GitHubForgeOptions } from "./github-forge.ts";
import type { GitHubPulls } from "./github-pulls.ts";
import { gitHubMergeLater, isAutoOf, isMergedAt } from "./merge-later.ts";
import { permitted } from "./permitted.ts";
import { escaped, gitHubReads } from "./reads.ts";

/** Merging: at once by REST where the base takes it so, else by GitHub itself when it can. */
export function gitHubMerge(
  options: GitHubForgeOptions,
  { markReady }: Pick<GitHubPulls, "markReady">,
): Required<Pick<Forge, "merge" | "later">> {
  const { client, repository, branch, base } = options;
  const reads = gitHubReads(client, repository);
  const { root } = reads;
  const call = (signal: AbortSignal): Call => ({ repository, signal });
  const later = gitHubMergeLater({
    client,
    repository,
    branch,
    base,
    lookAgainMs: options.lookAgainMs,
    onMerged: deleteBranch,
  });

  return {
    async merge(sha, expectedBase, signal) {
      const settled = await looked(sha, signal);
      if ("is" in settled) return settled;
      const { pull } = settled;
      // A crash may have come after it was left to GitHub, or a person has done so.
      if (isAutoOf(pull)) return later.look(sha, signal);
      const repo = await reads.repo(signal);
      const method = options.mergeMethod ?? methodOf(repo);
      if (await reads.hasMergeQueue(base, signal)) {
        await markReady(pull, signal);
        return enqueue(pull, sha, { repo, method }, signal);
      }
      const movedBase = await baseElsewhere(expectedBase, signal);
      if (movedBase !== null) return movedBase;
      await markReady(pull, signal);
      const put = () =>
        client.send(
          "PUT",
          `${root}/pulls/${pull.number}/merge`,
          { sha, merge_method: method },
          Merged,
          call(signal),
        );
      const sent = await put();
      if (sent.is === "done") return merged(sha, signal);
      const after = await looked(sha, signal);
      if ("is" in after) return after;
      const moved = await baseElsewhere(expectedBase, signal);
      if (moved !== null) return moved;
      // Rules that may not be read, as those of classic protection.
      if (/merge queue/i.test(sent.said)) return enqueue(pull, sha, { repo, method }, signal);
      const { mergeable_state: state } = await reads.pull(pull.number, signal);
      if (state === "unknown")
        throw new TransientError(`GitHub still works out whether ${pull.html_url} merges`);
      if (sent.status !== 405 || state !== "blocked" || repo.allow_auto_merge !== true)
        return { is: "refused", reason: explain(pull, sent, state) };
      const enabled = await later.enable(pull, sha, method, signal);
      if (enabled.is === "done") return later.look(sha, signal);
      // What was missing came meanwhile: auto-merge is not for what merges already.
      const again = await put();
      if (again.is === "done") return merged(sha, signal);
      return { is: "refused", reason: `${explain(pull, again, state)}; ${enabled.said}` };
    },

    later,
  };

  /** It stays open until its turn comes; where reviews or checks are missing, until those are there. */
  async function enqueue(
    pull: Pull,
    sha: Sha,
    { repo, method }: { repo: Repo; method: string },
    signal: AbortSignal,
  ): Promise<MergeResult> {
    const result = await later.enqueue(pull, sha, signal);
    if ("is" in result) return result.is === "merged" ? merged(sha, signal) : result;
    const { mergeable_state: state } = await reads.pull(pull.number, signal);
    if (state === "unknown")
      throw new TransientError(`GitHub still works out whether ${pull.html_url} merges`);
    const enabled =
      repo.allow_auto_merge === true ? await later.enable(pull, sha, method, signal) : null;
    if (enabled?.is === "done") return later.look(sha, signal);
    return {
      is: "refused",
      reason: `the merge queue of ${base} does not take ${pull.html_url}: ${result.said}`,
    };
  }

  /** What needs no more doing, or cannot be done; else the pull request that is to be merged. */
  async function looked(sha: Sha, signal: AbortSignal): Promise<MergeResult | { pull: Pull }> {
    const pulls = await reads.pullsOf(branch, "all", signal);
    if (isMergedAt(pulls, sha)) return merged(sha, signal);
    const pull = pulls.find(({ state }) => state === "open");
    if (pull === undefined)
      return {
        is: "refused",
        reason: `there is no open pull request of ${branch}; if it was closed, reopen it and ask to merge again`,
      };
    if (pull.head.sha !== sha)
      return {
        is: "refused",
        reason: `the pull request is at ${pull.head.sha.slice(0, 10)}, not at ${sha.slice(0, 10)}: somebody has pushed to ${branch}`,
      };
    return { pull };
  }

  async function baseElsewhere(
    expectedBase: Sha,
    signal: AbortSignal,
  ): Promise<MergeResult | null> {
    const tip = await reads.tipOf(base, signal);
    if (tip === null) return { is: "refused", reason: `GitHub shows no branch ${base} any more` };
    return tip === expectedBase ? null : { is: "base_moved", base: tip };
  }

  async function merged(sha: Sha, signal: AbortSignal): Promise<MergeResult> {
    await deleteBranch(sha, signal);
    return { is: "merged" };
  }

  /** Unless GitHub has done it, or somebody has pushed to it since. */
  async function deleteBranch(sha: Sha, signal: AbortSignal): Promise<void> {
    if (!options.deleteBranch || (await reads.tipOf(branch, signal)) !== sha) return;
    const path = `${root}/git/refs/heads/${escaped(branch)}`;
    await permitted(() => client.send("DELETE", path, undefined, Nothing, call(signal)));
  }

  /** 405: not now, or not this way. 409: the head is another one. */
  function explain(
    pull: Pull,
    { status, said }: { status: number; said: string },
    state: string | null | undefined,
  ): string {
    const words = said === "" ? `status ${status}` : said;
    if (status === 409) return `the branch was pushed to meanwhile: ${words}`;
    const why = new Map([
      ["blocked", "reviews or checks that the branch requires are missing"],
      ["dirty", `it conflicts with ${base}`],
      ["behind", `it must contain the newest ${base} first`],
      ["draft", "it is a draft"],
      ["unstable", "a check is not green"],
    ]).get(state ?? "");
    return `GitHub does not merge ${pull.html_url}: ${words}${why === undefined ? "" : ` (${why})`}`;
  }
}

const Merged = z.object({ merged: z.boolean().optional() });

function methodOf(repo: Repo): "merge" | "squash" | "rebase" {
  if (repo.allow_merge_commit !== false) return "merge";
  return repo.allow_squash_merge === false ? "rebase" : "squash";
}
