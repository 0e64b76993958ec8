import type { Repository } from "../repository.ts";
import { git, tryGit } from "./git.ts";

export interface Person {
  readonly name: string;
  readonly email: string;
  /** ISO 8601. */
  readonly date: string;
}

export interface CommitFacts {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

/** Undefined where the repository has no such commit. A commit never changes: read once. */
export async function commitFacts(
  repository: Repository,
  revision: string,
): Promise<CommitFacts | undefined> {
  const key = `${repository.folder} ${revision}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const text = await tryGit(repository, [
    "show",
    "-s",
    `--format=${format}`,
    `${revision}^{commit}`,
  ]);
  if (text === undefined) return undefined;
  const [sha, tree, parents, an, ae, ad, cn, ce, cd, ...message] = text.split("\n");
  const facts: CommitFacts = {
    sha: sha!,
    tree: tree!,
    parents: parents === "" ? [] : parents!.split(" "),
    author: { name: an!, email: ae!, date: utc(ad!) },
    committer: { name: cn!, email: ce!, date: utc(cd!) },
    message: message.join("\n").trim(),
  };
  if (/^[0-9a-f]{40}$/.test(revision)) cache.set(key, facts);
  return facts;
}

const format = "%H%n%T%n%P%n%an%n%ae%n%aI%n%cn%n%ce%n%cI%n%B";
const cache = new Map<string, CommitFacts>();

function utc(date: string): string {
  return new Date(date).toISOString().replace(".000Z", "Z");
}

export async function branchSha(
  repository: Repository,
  branch: string,
): Promise<string | undefined> {
  return tryGit(repository, ["rev-parse", "--verify", "--quiet", `refs/heads/${branch}^{commit}`]);
}

/** A file of a commit. */
export async function fileAt(
  repository: Repository,
  sha: string,
  path: string,
): Promise<string | undefined> {
  return tryGit(repository, ["cat-file", "blob", `${sha}:${path}`]);
}

/** Full paths of the workflow files of a commit. */
export async function workflowPaths(repository: Repository, sha: string): Promise<string[]> {
  const listed = await git(repository, ["ls-tree", "--name-only", sha, ".github/workflows/"]);
  return listed.split("\n").filter((path) => /\.ya?ml$/.test(path));
}

/** Undefined where there is nothing to compare with: a new branch that has no base. */
export async function changedPaths(
  repository: Repository,
  before: string | undefined,
  sha: string,
): Promise<string[] | undefined> {
  if (before === undefined) return undefined;
  const listed = await tryGit(repository, ["diff", "--name-only", before, sha]);
  return listed?.split("\n").filter((path) => path !== "");
}
