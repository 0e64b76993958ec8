import { UserError, withBlock, type ChangeText, type Sha } from "@ampx/core";
import { z } from "zod";
import type { Forge, MergeResult } from "../ports.ts";
import type { RepositoryName } from "./address.ts";
import { Nothing, Pull, type Repo } from "./answers.ts";
import type { Call, GitHubClient } from "./client.ts";
import { escaped, gitHubReads } from "./reads.ts";
import { GitHubRefusal } from "./refusal.ts";

export interface GitHubForgeOptions {
  client: GitHubClient;
  repository: RepositoryName;
  branch: string;
  base: string;
  /** Pull requests stay drafts until a person says otherwise. */
  draft: boolean;
  labels: readonly string[];
  reviewers: readonly string[];
  assignees: readonly string[];
  /** Null: what the repository allows, a merge commit first. */
  mergeMethod: "merge" | "squash" | "rebase" | null;
  /** Whether the branch goes once it is merged. */
  deleteBranch: boolean;
}

/** GitHub as the place where changes are proposed and merged. */
export interface GitHubForge extends Forge {
  /** Opens the change as a draft, whatever is configured: it is not green yet. */
  openDraft(sha: Sha, text: ChangeText, signal: AbortSignal): Promise<{ url: string }>;
}

export function gitHubForge(options: GitHubForgeOptions): GitHubForge {
  const { client, repository, branch, base } = options;
  const reads = gitHubReads(client, repository);
  const { root } = reads;
  const call = (signal: AbortSignal): Call => ({ repository, signal });

  /** Looked up, then opened, and looked up once more where GitHub says that it is there. */
  const findOrOpen = async (
    text: ChangeText,
    draft: boolean,
    signal: AbortSignal,
  ): Promise<{ pull: Pull; isNew: boolean }> => {
    const [found] = await reads.pullsOf(branch, "open", signal);
    if (found !== undefined) return { pull: found, isNew: false };
    const body = { title: text.title, head: branch, base, body: text.block };
    const open = (asDraft: boolean) =>
      client.send("POST", `${root}/pulls`, { ...body, draft: asDraft }, Pull, call(signal));
    let sent = await open(draft);
    // Private repositories of some plans know no drafts.
    if (sent.is === "refused" && draft && /draft/i.test(sent.said)) sent = await open(false);
    if (sent.is === "done") return { pull: sent.value, isNew: true };
    const [after] = await reads.pullsOf(branch, "open", signal);
    if (after !== undefined) return { pull: after, isNew: false };
    throw new UserError(`GitHub opens no pull request for ${branch}: ${sent.said}`, {
      kind: sent.status === 404 ? "unauthorized" : "conflict",
      tryThis:
        sent.status === 404
          ? "ampx doctor: the token must be allowed to write pull requests"
          : "look at the branch on GitHub",
    });
  };

  /** What a person wrote outside of the block, and the title, stay as they are. */
  const renew = async (pull: Pull, text: ChangeText, signal: AbortSignal) => {
    const body = withBlock(pull.body, text.block);
    if (body === (pull.body ?? "")) return;
    await client.send("PATCH", `${root}/pulls/${pull.number}`, { body }, Nothing, call(signal));
  };

  const decorate = async (pull: Pull, signal: AbortSignal) => {
    const { labels, assignees, reviewers } = options;
    const wishes = [
      { verb: "POST" as const, path: `issues/${pull.number}/labels`, body: { labels } },
      { verb: "POST" as const, path: `issues/${pull.number}/assignees`, body: { assignees } },
      {
        verb: "POST" as const,
        path: `pulls/${pull.number}/requested_reviewers`,
        body: { reviewers },
      },
    ];
    for (const { verb, path, body } of wishes) {
      if (Object.values(body).every((names) => names.length === 0)) continue;
      // A label or a name that GitHub does not take must not undo a green change.
      await permitted(() => client.send(verb, `${root}/${path}`, body, Nothing, call(signal)));
    }
  };

  /** Only GraphQL can do it. */
  const markReady = async (pull: Pull, signal: AbortSignal) => {
    if (pull.draft !== true || pull.node_id === undefined) return;
    const query =
      "mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { clientMutationId } }";
    await permitted(() =>
      client.send(
        "POST",
        "/graphql",
        { query, variables: { id: pull.node_id } },
        Nothing,
        call(signal),
      ),
    );
  };

  return {
    async findOrOpenChange(_sha, signal, text) {
      const { pull, isNew } = await findOrOpen(text, options.draft, signal);
      if (!isNew) await renew(pull, text, signal);
      await decorate(pull, signal);
      if (!options.draft) await markReady(pull, signal);
      return { url: pull.html_url };
    },

    async openDraft(_sha, text, signal) {
      const { pull } = await findOrOpen(text, true, signal);
      return { url: pull.html_url };
    },

    async merge(sha, expectedBase, signal) {
      const settled = await looked(sha, expectedBase, signal);
      if (settled !== null) return settled;
      const [pull] = await reads.pullsOf(branch, "open", signal);
      if (pull === undefined)
        return {
          is: "refused",
          reason: `there is no open pull request of ${branch}; it may have been closed`,
        };
      if (pull.head.sha !== sha)
        return {
          is: "refused",
          reason: `the pull request is at ${pull.head.sha.slice(0, 10)}, not at ${sha.slice(0, 10)}`,
        };
      await markReady(pull, signal);
      const repo = await reads.repo(signal);
      const body = { sha, merge_method: options.mergeMethod ?? methodOf(repo) };
      const sent = await client.send(
        "PUT",
        `${root}/pulls/${pull.number}/merge`,
        body,
        Merged,
        call(signal),
      );
      if (sent.is === "refused") {
        const after = await looked(sha, expectedBase, signal);
        return after ?? { is: "refused", reason: await explain(pull, sent, signal) };
      }
      if (options.deleteBranch && repo.delete_branch_on_merge !== true)
        await permitted(() =>
          client.send(
            "DELETE",
            `${root}/git/refs/heads/${escaped(branch)}`,
            undefined,
            Nothing,
            call(signal),
          ),
        );
      return { is: "merged" };
    },
  };

  /** What needs no more doing, or cannot be done as expected. */
  async function looked(
    sha: Sha,
    expectedBase: Sha,
    signal: AbortSignal,
  ): Promise<MergeResult | null> {
    const pulls = await reads.pullsOf(branch, "all", signal);
    if (pulls.some((pull) => typeof pull.merged_at === "string" && pull.head.sha === sha))
      return { is: "merged" };
    const tip = await reads.tipOf(base, signal);
    if (tip === null) return { is: "refused", reason: `GitHub shows no branch ${base} any more` };
    return tip === expectedBase ? null : { is: "base_moved", base: tip };
  }

  /** 405: not now, or not this way. 409: the head is another one. */
  async function explain(
    pull: Pull,
    { status, said }: { status: number; said: string },
    signal: AbortSignal,
  ): Promise<string> {
    const words = said === "" ? `status ${status}` : said;
    if (status === 409) return `the branch was pushed to meanwhile: ${words}`;
    if (await reads.hasMergeQueue(base, signal))
      return `${base} takes changes through its merge queue only: add ${pull.html_url} to it (${words})`;
    const { mergeable_state: state } = await reads.pull(pull.number, signal);
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

/** For what is nice to have: GitHub's no is taken. */
async function permitted(send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error;
  }
}
