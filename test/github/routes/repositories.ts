import { branchSha, commitFacts } from "../git/commit-facts.ts";
import { refsOf } from "../git/pushed.ts";
import { roleOfActor } from "../http/authorize.ts";
import type { Answer, RepositoryCall } from "../http/call.ts";
import { param } from "../http/call.ts";
import { page } from "../http/page.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import { repositoryRoute } from "../http/route.ts";
import { accountJson } from "../json/account.ts";
import { commitJson } from "../json/commit.ts";
import { repositoryJson } from "../json/repository.ts";
import { fullName, roleOf, rulesOf } from "../repository.ts";

/** The repository, its branches, and who may what in it. */
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
    const renamed = repository.renamedBranches.get(name);
    if (renamed !== undefined) return movedBranch(call, renamed);
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
];

function movedBranch({ site, repository }: RepositoryCall, name: string): Answer {
  const url = `${site.api}/repositories/${repository.id}/branches/${name}`;
  return { status: 301, headers: { location: url }, body: { message: "Moved Permanently", url } };
}

function isProtected({ repository }: RepositoryCall, branch: string): boolean {
  return repository.protection.has(branch) || rulesOf(repository, branch).length > 0;
}

function commitUrl({ site, repository }: RepositoryCall, sha: string): string {
  return `${site.api}/repos/${fullName(repository)}/commits/${sha}`;
}
