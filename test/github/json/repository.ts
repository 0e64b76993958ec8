import type { Role } from "../account.ts";
import { roleReaches } from "../account.ts";
import type { Repository } from "../repository.ts";
import { fullName } from "../repository.ts";
import { accountJson } from "./account.ts";
import type { Site } from "./site.ts";
import { iso, nodeId } from "./site.ts";

/** As it stands inside other answers. */
export function minimalRepositoryJson(site: Site, repository: Repository) {
  const url = `${site.api}/repos/${fullName(repository)}`;
  const { id, name, owner, description, fork } = repository;
  return {
    id,
    node_id: nodeId("R", id),
    name,
    full_name: fullName(repository),
    private: repository.private,
    owner: accountJson(site, owner),
    html_url: `${site.html}/${fullName(repository)}`,
    description: description ?? null,
    fork,
    url,
    ...Object.fromEntries(paths.map(([key, path]) => [key, `${url}/${path}`])),
  };
}

/** As `GET /repos/{owner}/{repo}` shows it to somebody of this role. */
export function repositoryJson(site: Site, repository: Repository, role: Role) {
  const { html_url, url, ...minimal } = minimalRepositoryJson(site, repository);
  const { name, owner, settings, issues } = repository;
  const open = issues.filter(({ state }) => state === "open").length;
  const may = (needed: Role) => roleReaches(role, needed);
  return {
    ...minimal,
    html_url,
    url,
    git_url: `${html_url.replace(/^https?/, "git")}.git`,
    ssh_url: `git@${new URL(site.html).hostname}:${owner.login}/${name}.git`,
    clone_url: `${html_url}.git`,
    svn_url: html_url,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    topics: [],
    forks_count: 0,
    forks: 0,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    subscribers_count: 0,
    network_count: 0,
    size: 1,
    default_branch: repository.defaultBranch,
    open_issues_count: open,
    open_issues: open,
    is_template: false,
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: repository.archived,
    disabled: false,
    visibility: repository.private ? "private" : "public",
    pushed_at: iso(repository.pushedAt),
    created_at: iso(repository.createdAt),
    updated_at: iso(repository.pushedAt),
    permissions: {
      admin: may("admin"),
      maintain: may("maintain"),
      push: may("write"),
      triage: may("triage"),
      pull: may("read"),
    },
    // Only those who may push see how it merges.
    ...(may("write") && {
      allow_merge_commit: settings.allowMergeCommit,
      allow_squash_merge: settings.allowSquashMerge,
      allow_rebase_merge: settings.allowRebaseMerge,
      allow_auto_merge: settings.allowAutoMerge,
      allow_update_branch: settings.allowUpdateBranch,
      delete_branch_on_merge: settings.deleteBranchOnMerge,
    }),
    allow_forking: true,
    web_commit_signoff_required: false,
  };
}

const paths: readonly (readonly [key: string, path: string])[] = [
  ["archive_url", "{archive_format}{/ref}"],
  ["assignees_url", "assignees{/user}"],
  ["blobs_url", "git/blobs{/sha}"],
  ["branches_url", "branches{/branch}"],
  ["collaborators_url", "collaborators{/collaborator}"],
  ["comments_url", "comments{/number}"],
  ["commits_url", "commits{/sha}"],
  ["compare_url", "compare/{base}head"],
  ["contents_url", "contents/{+path}"],
  ["contributors_url", "contributors"],
  ["deployments_url", "deployments"],
  ["downloads_url", "downloads"],
  ["events_url", "events"],
  ["forks_url", "forks"],
  ["git_commits_url", "git/commits{/sha}"],
  ["git_refs_url", "git/refs{/sha}"],
  ["git_tags_url", "git/tags{/sha}"],
  ["hooks_url", "hooks"],
  ["issue_comment_url", "issues/comments{/number}"],
  ["issue_events_url", "issues/events{/number}"],
  ["issues_url", "issues{/number}"],
  ["keys_url", "keys{/key_id}"],
  ["labels_url", "labels{/name}"],
  ["languages_url", "languages"],
  ["merges_url", "merges"],
  ["milestones_url", "milestones{/number}"],
  ["notifications_url", "notifications{?since,all,participating}"],
  ["pulls_url", "pulls{/number}"],
  ["releases_url", "releases{/id}"],
  ["stargazers_url", "stargazers"],
  ["statuses_url", "statuses/{sha}"],
  ["subscribers_url", "subscribers"],
  ["subscription_url", "subscription"],
  ["tags_url", "tags"],
  ["teams_url", "teams"],
  ["trees_url", "git/trees{/sha}"],
];
