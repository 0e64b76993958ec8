import { branchSha, commitFacts } from "../git/commit-facts.ts";
import { git, tryGit } from "../git/git.ts";
import { pushed, refsOf } from "../git/pushed.ts";
import { inTurn } from "../git/turn.ts";
import { roleOfActor } from "../http/authorize.ts";
import type { RepositoryCall } from "../http/call.ts";
import { param, requiredText } from "../http/call.ts";
import { page } from "../http/page.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import { repositoryRoute } from "../http/route.ts";
import { accountJson } from "../json/account.ts";
import { commitJson, gitCommitJson, refJson } from "../json/commit.ts";
import { repositoryJson } from "../json/repository.ts";
import { fullName, roleOf, rulesOf } from "../repository.ts";

/** The repository, its branches, commits and files. */
export const repositoryRoutes: Route[] = [
  repositoryRoute("GET ", "metadata=read", ({ site, repository, actor }) => ({
    body: repositoryJson(site, repository, roleOfActor(actor, repository)),
  })),
  repositoryRoute("GET /branches", "contents=read", async (call) => {
    const refs = [...(await refsOf(call.repository))].filter(([ref]) =>
      ref.startsWith("refs/heads/"),
    );
    const { items, headers } = page(call, refs);
    return {
      body: items.map(([ref, sha]) => {
        const name = ref.slice("refs/heads/".length);
        return {
          name,
          commit: { sha, url: commitUrl(call, sha) },
          protected: isProtected(call, name),
        };
      }),
      headers,
    };
  }),
  repositoryRoute("GET /branches/{branch}", "contents=read", async (call) => {
    const { site, repository } = call;
    const name = param(call, "branch");
    const commit = await commitFacts(repository, (await branchSha(repository, name)) ?? "");
    if (commit === undefined) throw new Refusal(404, "Branch not found");
    const self = `${site.api}/repos/${fullName(repository)}/branches/${name}`;
    const { contexts = [] } = repository.protection.get(name) ?? {};
    return {
      body: {
        name,
        commit: commitJson(site, repository, commit),
        _links: { self, html: `${site.html}/${fullName(repository)}/tree/${name}` },
        protected: isProtected(call, name),
        protection: {
          enabled: repository.protection.has(name),
          required_status_checks: {
            enforcement_level: contexts.length === 0 ? "off" : "non_admins",
            contexts,
            checks: contexts.map((context) => ({ context, app_id: null })),
          },
        },
        protection_url: `${self}/protection`,
      },
    };
  }),
  repositoryRoute("GET /git/ref/{ref}", "contents=read", async (call) => {
    const ref = `refs/${param(call, "ref")}`;
    const sha = (await refsOf(call.repository)).get(ref);
    if (sha === undefined) throw notFound();
    return { body: refJson(call.site, call.repository, ref, sha) };
  }),
  repositoryRoute("POST /git/refs", "contents=write", async (call) => {
    const ref = requiredText(call, "ref");
    const sha = requiredText(call, "sha");
    if (!/^refs\/\w+\/./.test(ref))
      throw new Refusal(422, "Reference name must start with 'refs/'");
    if ((await refsOf(call.repository)).has(ref))
      throw new Refusal(422, "Reference already exists");
    if ((await commitFacts(call.repository, sha)) === undefined)
      throw new Refusal(422, "Object does not exist");
    await changeRefs(call, ["update-ref", ref, sha]);
    return { status: 201, body: refJson(call.site, call.repository, ref, sha) };
  }),
  repositoryRoute("PATCH /git/refs/{ref}", "contents=write", async (call) => {
    const ref = `refs/${param(call, "ref")}`;
    const sha = requiredText(call, "sha");
    const before = (await refsOf(call.repository)).get(ref);
    if (before === undefined) throw new Refusal(422, "Reference does not exist");
    const isForward = await tryGit(call.repository, ["merge-base", "--is-ancestor", before, sha]);
    if (isForward === undefined && call.body["force"] !== true)
      throw new Refusal(422, "Update is not a fast forward");
    await changeRefs(call, ["update-ref", ref, sha]);
    return { body: refJson(call.site, call.repository, ref, sha) };
  }),
  repositoryRoute("DELETE /git/refs/{ref}", "contents=write", async (call) => {
    const ref = `refs/${param(call, "ref")}`;
    if (!(await refsOf(call.repository)).has(ref))
      throw new Refusal(422, "Reference does not exist");
    await changeRefs(call, ["update-ref", "-d", ref]);
    return { status: 204 };
  }),
  repositoryRoute("GET /commits/{ref}", "contents=read", async (call) => {
    const commit = await commitFacts(call.repository, param(call, "ref"));
    if (commit === undefined)
      throw new Refusal(422, `No commit found for SHA: ${param(call, "ref")}`);
    const stats = { total: 0, additions: 0, deletions: 0 };
    return { body: { ...commitJson(call.site, call.repository, commit), stats, files: [] } };
  }),
  repositoryRoute("GET /git/commits/{commit_sha}", "contents=read", async (call) => {
    const commit = await commitFacts(call.repository, param(call, "commit_sha"));
    if (commit === undefined) throw notFound();
    return { body: gitCommitJson(call.site, call.repository, commit) };
  }),
  repositoryRoute("GET /compare/{basehead}", "contents=read", async (call) => {
    const { site, repository } = call;
    const [base = "", head = ""] = param(call, "basehead").split("...");
    const baseCommit = await commitFacts(repository, base);
    const headCommit = await commitFacts(repository, head);
    if (baseCommit === undefined || headCommit === undefined) throw notFound();
    const [behind = 0, ahead = 0] = (
      await git(repository, ["rev-list", "--left-right", "--count", `${base}...${head}`])
    )
      .split("\t")
      .map(Number);
    const mergeBase = await tryGit(repository, ["merge-base", base, head]);
    const merged = await commitFacts(repository, mergeBase ?? base);
    const url = `${site.api}/repos/${fullName(repository)}/compare/${base}...${head}`;
    const html = `${site.html}/${fullName(repository)}/compare/${base}...${head}`;
    return {
      body: {
        url,
        html_url: html,
        permalink_url: html,
        diff_url: `${html}.diff`,
        patch_url: `${html}.patch`,
        base_commit: commitJson(site, repository, baseCommit),
        merge_base_commit: commitJson(site, repository, merged ?? baseCommit),
        status:
          ahead > 0 ? (behind > 0 ? "diverged" : "ahead") : behind > 0 ? "behind" : "identical",
        ahead_by: ahead,
        behind_by: behind,
        total_commits: ahead,
        commits: [],
        files: [],
      },
    };
  }),
  repositoryRoute("GET /contents/{path}", "contents=read", async (call) => {
    const { site, repository, query } = call;
    const path = param(call, "path").replace(/\/$/, "");
    const ref = query.get("ref") ?? repository.defaultBranch;
    const listed = await tryGit(repository, ["ls-tree", "-l", ref, path]);
    const inside = await tryGit(repository, ["ls-tree", "-l", ref, `${path}/`]);
    const entry = (line: string) => {
      const [, type = "", sha = "", size = "0", name = ""] =
        /^\d+ (\w+) (\w+)\s+(\S+)\t(.*)$/.exec(line) ?? [];
      const self = `${site.api}/repos/${fullName(repository)}/contents/${name}?ref=${ref}`;
      const gitUrl = `${site.api}/repos/${fullName(repository)}/git/${type}s/${sha}`;
      const html = `${site.html}/${fullName(repository)}/blob/${ref}/${name}`;
      return {
        type: type === "tree" ? "dir" : "file",
        name: name.split("/").at(-1),
        path: name,
        sha,
        size: Number(size) || 0,
        url: self,
        git_url: gitUrl,
        html_url: html,
        download_url: type === "tree" ? null : `${html}?raw=1`,
        _links: { self, git: gitUrl, html },
      };
    };
    if (inside !== undefined && inside !== "") return { body: inside.split("\n").map(entry) };
    if (listed === undefined || listed === "") throw notFound();
    const content = await git(repository, ["cat-file", "blob", `${ref}:${path}`]);
    const encoded = Buffer.from(`${content}\n`).toString("base64");
    return { body: { ...entry(listed), encoding: "base64", content: encoded } };
  }),
  repositoryRoute("GET /collaborators/{username}/permission", "metadata=read", (call) => {
    const login = param(call, "username");
    const account = call.world.accounts.get(login.toLowerCase());
    if (account === undefined) throw notFound();
    const role = roleOf(account, call.repository);
    const coarse = { triage: "read", maintain: "write" } as const;
    const permission = role === "triage" || role === "maintain" ? coarse[role] : role;
    return {
      body: {
        permission,
        role_name: role,
        user: { ...accountJson(call.site, account), role_name: role },
      },
    };
  }),
  repositoryRoute("GET /rules/branches/{branch}", "metadata=read", (call) => ({
    body: rulesOf(call.repository, param(call, "branch")).flatMap((ruleset) => {
      const source = {
        ruleset_source_type: "Repository",
        ruleset_source: fullName(call.repository),
        ruleset_id: ruleset.id,
      };
      const { contexts, strict, pullRequestsOnly, mergeQueue } = ruleset;
      return [
        ...(contexts.length > 0
          ? [
              {
                type: "required_status_checks",
                parameters: {
                  strict_required_status_checks_policy: strict,
                  do_not_enforce_on_create: false,
                  required_status_checks: contexts.map(({ context, appId }) => ({
                    context,
                    ...(appId !== undefined && { integration_id: appId }),
                  })),
                },
                ...source,
              },
            ]
          : []),
        ...(pullRequestsOnly
          ? [{ type: "pull_request", parameters: pullRequestRule, ...source }]
          : []),
        ...(mergeQueue ? [{ type: "merge_queue", parameters: queueRule, ...source }] : []),
      ];
    }),
  })),
  repositoryRoute("GET /branches/{branch}/protection", "administration=read", (call) => {
    const name = param(call, "branch");
    const protection = call.repository.protection.get(name);
    if (protection === undefined) throw new Refusal(404, "Branch not protected");
    const url = `${call.site.api}/repos/${fullName(call.repository)}/branches/${name}/protection`;
    return {
      body: {
        url,
        ...(protection.contexts.length > 0 && {
          required_status_checks: requiredChecks(call, name),
        }),
        enforce_admins: { url: `${url}/enforce_admins`, enabled: false },
      },
    };
  }),
  repositoryRoute(
    "GET /branches/{branch}/protection/required_status_checks",
    "administration=read",
    (call) => {
      const name = param(call, "branch");
      const { contexts = [] } = call.repository.protection.get(name) ?? {};
      if (!call.repository.protection.has(name)) throw new Refusal(404, "Branch not protected");
      if (contexts.length === 0) throw new Refusal(404, "Required status checks not enabled");
      return { body: requiredChecks(call, name) };
    },
  ),
];

const pullRequestRule = {
  dismiss_stale_reviews_on_push: false,
  require_code_owner_review: false,
  require_last_push_approval: false,
  required_approving_review_count: 0,
  required_review_thread_resolution: false,
};

const queueRule = {
  check_response_timeout_minutes: 60,
  grouping_strategy: "ALLGREEN",
  max_entries_to_build: 5,
  max_entries_to_merge: 5,
  merge_method: "MERGE",
  min_entries_to_merge: 1,
  min_entries_to_merge_wait_minutes: 5,
};

function requiredChecks(call: RepositoryCall, name: string) {
  const { contexts = [], strict = false } = call.repository.protection.get(name) ?? {};
  const url = `${call.site.api}/repos/${fullName(call.repository)}/branches/${name}/protection/required_status_checks`;
  const checks = contexts.map((context) => ({ context, app_id: null }));
  return { url, strict, contexts, contexts_url: `${url}/contexts`, checks };
}

function isProtected({ repository }: RepositoryCall, branch: string): boolean {
  return repository.protection.has(branch) || rulesOf(repository, branch).length > 0;
}

function commitUrl({ site, repository }: RepositoryCall, sha: string): string {
  return `${site.api}/repos/${fullName(repository)}/commits/${sha}`;
}

/** A ref changed over REST is a push like any other. */
async function changeRefs(call: RepositoryCall, args: string[]): Promise<void> {
  const { world, repository, actor } = call;
  return inTurn(repository, async () => {
    const before = await refsOf(repository);
    await git(repository, args);
    await pushed(world, repository, before, actor.is === "token" ? actor.token : undefined);
  });
}
