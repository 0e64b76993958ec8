import type { CommitFacts } from "../git/commit-facts.ts";
import type { Repository } from "../repository.ts";
import { fullName } from "../repository.ts";
import type { Site } from "./site.ts";
import { nodeId } from "./site.ts";

export function commitJson(site: Site, repository: Repository, commit: CommitFacts) {
  const { sha, tree, parents, author, committer, message } = commit;
  const repo = `${site.api}/repos/${fullName(repository)}`;
  const html = `${site.html}/${fullName(repository)}/commit`;
  return {
    sha,
    node_id: nodeId("C", repository.id),
    commit: {
      author,
      committer,
      message,
      tree: { sha: tree, url: `${repo}/git/trees/${tree}` },
      url: `${repo}/git/commits/${sha}`,
      comment_count: 0,
      verification: {
        verified: false,
        reason: "unsigned",
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
    url: `${repo}/commits/${sha}`,
    html_url: `${html}/${sha}`,
    comments_url: `${repo}/commits/${sha}/comments`,
    // Nobody's address is known here.
    author: null,
    committer: null,
    parents: parents.map((parent) => ({
      sha: parent,
      url: `${repo}/commits/${parent}`,
      html_url: `${html}/${parent}`,
    })),
  };
}

export function gitCommitJson(site: Site, repository: Repository, commit: CommitFacts) {
  const { commit: inner, ...outer } = commitJson(site, repository, commit);
  const { author, committer, message, tree, url, verification } = inner;
  const { sha, node_id, html_url, parents } = outer;
  return { sha, node_id, url, html_url, author, committer, tree, message, parents, verification };
}

export function refJson(site: Site, repository: Repository, ref: string, sha: string) {
  const repo = `${site.api}/repos/${fullName(repository)}`;
  return {
    ref,
    node_id: nodeId("REF", repository.id),
    url: `${repo}/git/${ref}`,
    object: { sha, type: "commit", url: `${repo}/git/commits/${sha}` },
  };
}
