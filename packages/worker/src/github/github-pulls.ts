import { UserError, withBlock, type ChangeText, type Sha } from "@ampx/core";
import type { OpenedChange } from "../ports.ts";
import { Nothing, Pull } from "./answers/index.ts";
import type { Call } from "./client.ts";
import type { GitHubForgeOptions } from "./github-forge.ts";
import { movedWords } from "./moved-words.ts";
import { permitted } from "./permitted.ts";
import { gitHubReads } from "./reads.ts";

/** How the pull request of a task's branch comes about, and is kept. */
export interface GitHubPulls {
  findOrOpenChange(sha: Sha, signal: AbortSignal, text: ChangeText): Promise<OpenedChange>;
  openDraft(sha: Sha, text: ChangeText, signal: AbortSignal): Promise<{ url: string }>;
  markReady(pull: Pull, signal: AbortSignal): Promise<void>;
}

export function gitHubPulls(options: GitHubForgeOptions): GitHubPulls {
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
    const known = await reads.pullsOf(branch, "all", signal);
    const found = known.find(({ state }) => state === "open");
    if (found !== undefined) return { pull: found, isNew: false };
    const reopened = await reopen(known, signal);
    if (reopened !== null) return { pull: reopened, isNew: false };
    const body = { title: text.title, head: branch, base, body: text.block };
    const open = (asDraft: boolean) =>
      client.send("POST", `${root}/pulls`, { ...body, draft: asDraft }, Pull, call(signal));
    let sent = await open(draft);
    // Private repositories of some plans know no drafts.
    if (sent.is === "refused" && draft && /draft/i.test(sent.said)) sent = await open(false);
    if (sent.is === "done") return { pull: sent.value, isNew: true };
    const [after] = await reads.pullsOf(branch, "open", signal);
    if (after !== undefined) return { pull: after, isNew: false };
    if ((await reads.tipOf(base, signal)) === null || /\bbase invalid\b/.test(sent.said))
      throw options.onBaseGone();
    throw new UserError(`GitHub opens no pull request for ${branch}: ${sent.said}`, {
      kind: sent.status === 404 ? "unauthorized" : "conflict",
      tryThis:
        sent.status === 404
          ? "ampx doctor: the token must be allowed to write pull requests"
          : "look at the branch on GitHub",
    });
  };

  /** What was closed is gone on with, rather than told twice; GitHub refuses where the branch was made anew. */
  const reopen = async ([newest]: readonly Pull[], signal: AbortSignal): Promise<Pull | null> => {
    if (newest === undefined || typeof newest.merged_at === "string") return null;
    const path = `${root}/pulls/${newest.number}`;
    const sent = await client.send("PATCH", path, { state: "open" }, Pull, call(signal));
    return sent.is === "done" ? sent.value : null;
  };

  /** A pull request is for whatever its branch holds. */
  const elsewhere = async (
    sha: Sha,
    signal: AbortSignal,
  ): Promise<{ found: Sha | null; reason: string } | null> => {
    const head = await reads.headOf(branch, signal);
    const found = head?.sha ?? (await reads.tipOf(branch, signal));
    return found === sha ? null : { found, reason: movedWords(branch, sha, found) };
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
    async findOrOpenChange(sha, signal, text) {
      const moved = await elsewhere(sha, signal);
      if (moved !== null) return moved;
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

    markReady,
  };
}
