import type { Account } from "../account.ts";
import { branchSha } from "../git/commit-facts.ts";
import { git } from "../git/git.ts";
import { pushed, refsOf } from "../git/pushed.ts";
import { inTurn } from "../git/turn.ts";
import type { Repository } from "../repository.ts";
import type { World } from "../world.ts";

/** By path; null removes the file. */
export type Files = Readonly<Record<string, string | null>>;

export interface Commit {
  readonly branch: string;
  readonly files: Files;
  readonly message: string;
  readonly by: Account;
  /** A branch or a commit; by default the branch itself, or the default branch for a new one. */
  readonly from?: string;
}

/** What a person does who commits and pushes, by force where `from` is not the branch. Returns the commit. */
export async function commitFiles(
  world: World,
  repository: Repository,
  { branch, files, message, by, from }: Commit,
): Promise<string> {
  return inTurn(repository, async () => {
    const before = await refsOf(repository);
    const start =
      from ??
      ((await branchSha(repository, branch)) === undefined ? repository.defaultBranch : branch);
    const parent = await branchOrCommit(repository, start);
    const seconds = Math.floor(world.schedule.now() / 1000);
    const stream = [
      `commit refs/heads/${branch}`,
      `committer ${by.login} <${by.login}@example.com> ${seconds} +0000`,
      data(message),
      ...(parent === undefined ? [] : [`from ${parent}`]),
      ...Object.entries(files).map(([path, content]) =>
        content === null ? `D ${path}` : `M ${modeOf(content)} inline ${path}\n${data(content)}`,
      ),
      "",
    ];
    await git(repository, ["fast-import", "--quiet", "--force"], { input: stream.join("\n") });
    await pushed(world, repository, before, by);
    return (await branchSha(repository, branch))!;
  });
}

async function branchOrCommit(repository: Repository, name: string): Promise<string | undefined> {
  return /^[0-9a-f]{40}$/.test(name) ? name : branchSha(repository, name);
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

function modeOf(content: string): string {
  return content.startsWith("#!") ? "100755" : "100644";
}
