import { TransientError, UserError, type RepositoryName } from "@ampx/core";
import { User } from "./answers/index.ts";
import type { GitHub } from "./connect.ts";
import { exchange } from "./exchange.ts";
import { gitHubReads, readable } from "./reads.ts";
import { refusalOf } from "./refusal.ts";

/** One thing that was looked at, in words for a person. `missing`: tasks on GitHub cannot run to their end without it. */
export interface GitHubFinding {
  is: "ok" | "note" | "missing";
  detail: string;
  tryThis?: string;
}

/** What the loop needs of GitHub, by the names of its permissions. */
const needs: { name: string; level: "read" | "write"; for: string; optional?: true }[] = [
  { name: "contents", level: "write", for: "to push branches and merge" },
  { name: "pull_requests", level: "write", for: "to open pull requests" },
  { name: "actions", level: "write", for: "to read CI and its logs, re-run and cancel it" },
  { name: "checks", level: "read", for: "to see the checks of other apps and what is required" },
  { name: "statuses", level: "read", for: "to see commit statuses" },
  {
    name: "workflows",
    level: "write",
    for: "to push changes of .github/workflows",
    optional: true,
  },
  {
    name: "issues",
    level: "write",
    for: "for tasks that begin with an issue, and for commands there",
    optional: true,
  },
];

const levels = new Map([
  ["read", 1],
  ["write", 2],
  ["admin", 3],
]);

/** Says who the worker is for GitHub, and which permission it lacks; changes nothing. With a repository, what it may do there. */
export async function examineGitHub(
  github: GitHub,
  repository: RepositoryName | null,
  signal: AbortSignal,
): Promise<GitHubFinding[]> {
  try {
    return await examine(github, repository, signal);
  } catch (error) {
    if (error instanceof TransientError) return [{ is: "note", detail: error.message }];
    if (!(error instanceof UserError)) throw error;
    const { message: detail, tryThis } = error;
    return [{ is: "missing", detail, ...(tryThis !== undefined && { tryThis }) }];
  }
}

async function examine(
  github: GitHub,
  repository: RepositoryName | null,
  signal: AbortSignal,
): Promise<GitHubFinding[]> {
  const { credentials } = github.client;
  const { identity } = credentials;
  if (identity.is === "nobody")
    return [
      {
        is: "note",
        detail: "no token: repositories on GitHub cannot be worked on",
        tryThis: "GH_TOKEN=… ampx serve, or gh auth login, or github.app_id for a GitHub App",
      },
    ];
  const where = repository === null ? "" : ` on ${repository.owner}/${repository.name}`;
  if (identity.is === "app") {
    const app = await credentials.app(repository, signal);
    if (app === null) throw new Error("an App without facts");
    return [{ is: "ok", detail: `App ${app.slug}${where}` }, ...lacking(app.permissions)];
  }
  const answer = await exchange({
    method: "GET",
    url: `${github.host.api}/user`,
    headers: { authorization: `Bearer ${identity.token}` },
    signal,
  });
  if (answer.status !== 200 && answer.status !== 403) throw refusalOf(answer, "GET /user");
  const user = User.safeParse(answer.body);
  const name = user.success ? user.data.login : "a token without a person";
  const scopes = answer.headers.get("x-oauth-scopes");
  const found: GitHubFinding[] = [{ is: "ok", detail: `${name}, by ${identity.from}${where}` }];
  if (github.ownToken)
    found.push({
      is: "missing",
      detail: "it is a workflow's own GITHUB_TOKEN: what it pushes starts no workflows",
      tryThis: "a GitHub App, or a personal token",
    });
  if (scopes !== null && scopes.trim() !== "") found.push(...lackingScopes(scopes));
  if (repository !== null) found.push(...(await lackingOn(github, repository, signal)));
  return found;
}

function lacking(permissions: Readonly<Record<string, string>>): GitHubFinding[] {
  return needs
    .filter(
      ({ name, level }) => (levels.get(permissions[name] ?? "") ?? 0) < (levels.get(level) ?? 0),
    )
    .map((need) => ({
      is: need.optional === true ? "note" : "missing",
      detail: `it lacks ${need.name}: ${need.level}, which it needs ${need.for}`,
      tryThis: "add it in the App's settings, and accept it where the App is installed",
    }));
}

function lackingScopes(scopes: string): GitHubFinding[] {
  const has = new Set(scopes.split(",").map((scope) => scope.trim()));
  const found: GitHubFinding[] = [];
  if (!has.has("repo"))
    found.push({
      is: has.has("public_repo") ? "note" : "missing",
      detail:
        "it lacks the scope repo, which it needs to push and to open pull requests in private repositories",
      tryThis: "a token with the scopes repo and workflow",
    });
  if (!has.has("workflow"))
    found.push({
      is: "note",
      detail: "it lacks the scope workflow, which it needs to push changes of .github/workflows",
      tryThis: "a token with the scopes repo and workflow",
    });
  return found;
}

/** What a token may do that does not tell: by looking at what the loop looks at. */
async function lackingOn(
  github: GitHub,
  repository: RepositoryName,
  signal: AbortSignal,
): Promise<GitHubFinding[]> {
  const reads = gitHubReads(github.client, repository);
  const repo = await reads.repo(signal);
  const found: GitHubFinding[] = [];
  const lack = (name: string, why: string, is: GitHubFinding["is"] = "missing") =>
    found.push({
      is,
      detail: `it lacks ${name}, which it needs ${why}`,
      tryThis: "a token with that permission",
    });
  if (repo.archived === true)
    found.push({ is: "missing", detail: `${repo.full_name} is archived` });
  if (repo.permissions?.["push"] === false) lack("contents: write", "to push branches and merge");
  if ((await readable(() => reads.newestRuns(signal, 0))) === null)
    lack("actions: read", "to read CI and its logs");
  if ((await readable(() => reads.pullsOf("ampx-doctor", "open", signal))) === null)
    lack("pull_requests: write", "to open pull requests");
  const tip = await reads.tipOf(repo.default_branch, signal);
  if (tip === null) return found;
  if ((await reads.checksOf(tip, signal)) === null)
    found.push({
      is: "note",
      detail:
        "it may not read check runs, as no fine-grained token may: CI other than GitHub Actions is not seen",
      tryThis: "a GitHub App, or a classic token",
    });
  if ((await reads.statusesOf(tip, signal)) === null)
    lack("statuses: read", "to see commit statuses");
  return found;
}
