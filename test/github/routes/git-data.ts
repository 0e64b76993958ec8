import { commitFacts } from "../git/commit-facts.ts";
import { git, tryGit } from "../git/git.ts";
import { pushed, refsOf } from "../git/pushed.ts";
import { inTurn } from "../git/turn.ts";
import type { RepositoryCall } from "../http/call.ts";
import { param, requiredText } from "../http/call.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import { repositoryRoute } from "../http/route.ts";
import { commitJson, gitCommitJson, refJson } from "../json/commit.ts";
import { fullName } from "../repository.ts";

/** Refs, commits and files. */
export const gitDataRoutes: Route[] = [
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
];

/** A ref changed over REST is a push like any other. */
async function changeRefs(call: RepositoryCall, args: string[]): Promise<void> {
  const { world, repository, actor } = call;
  return inTurn(repository, async () => {
    const before = await refsOf(repository);
    await git(repository, args);
    await pushed(world, repository, before, actor.is === "token" ? actor.token : undefined);
  });
}
