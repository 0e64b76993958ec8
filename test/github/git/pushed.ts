import type { Account } from "../account.ts";
import { noteWorkflows, trigger } from "../actions/trigger.ts";
import { synchronize } from "../pulls/synchronize.ts";
import type { Repository } from "../repository.ts";
import { fullName } from "../repository.ts";
import type { Token } from "../token.ts";
import type { World } from "../world.ts";
import { changedPaths, commitFacts } from "./commit-facts.ts";
import { git, tryGit } from "./git.ts";

export type Refs = ReadonlyMap<string, string>;

/** Branches and tags, by full name. */
export async function refsOf(repository: Repository): Promise<Refs> {
  const listed = await git(repository, [
    "for-each-ref",
    "--format=%(refname) %(objectname)",
    "refs/heads",
    "refs/tags",
  ]);
  return new Map(
    listed
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split(" ") as [string, string]),
  );
}

/** Whatever moved since `before` is a push: pull requests follow, workflows run, hooks are told. */
export async function pushed(
  world: World,
  repository: Repository,
  before: Refs,
  by: Token | Account | undefined,
): Promise<void> {
  const after = await refsOf(repository);
  const account = by === undefined ? repository.owner : "value" in by ? by.account : by;
  // What a workflow pushes with its own token runs no workflow.
  const runs = !(by !== undefined && "kind" in by && by.kind === "actions");
  const at = world.schedule.now();
  for (const ref of new Set([...before.keys(), ...after.keys()])) {
    const [from, to] = [before.get(ref), after.get(ref)];
    if (from === to) continue;
    repository.pushedAt = at;
    emitPush(world, repository, ref, from, to, account, await messageOf(repository, to));
    const branch = /^refs\/heads\/(.+)/.exec(ref)?.[1];
    if (branch === undefined && to === undefined) continue;
    if (branch !== undefined) await firstBranch(repository, branch, after);
    if (branch === repository.defaultBranch && to !== undefined)
      await noteWorkflows(world, repository, to, at);
    if (to !== undefined && runs)
      await runForPush(world, repository, ref, branch, from, to, account, at);
    if (branch !== undefined) await synchronize(world, repository, branch, to, account, runs, at);
  }
}

async function runForPush(
  world: World,
  repository: Repository,
  ref: string,
  branch: string | undefined,
  from: string | undefined,
  sha: string,
  actor: Account,
  at: number,
): Promise<void> {
  const tag = ref.replace("refs/tags/", "");
  const since = from ?? (await forkPoint(repository, sha));
  const paths = branch === undefined ? undefined : await changedPaths(repository, since, sha);
  const occasion = { branch, changedPaths: paths, ...(branch === undefined && { tag }) };
  await trigger(
    world,
    repository,
    { event: "push", ref, branch: branch ?? tag, sha, occasion, actor },
    at,
  );
}

/** Where a new branch left the default branch. */
function forkPoint(repository: Repository, sha: string): Promise<string | undefined> {
  return tryGit(repository, ["merge-base", `refs/heads/${repository.defaultBranch}`, sha]);
}

/** The first branch of an empty repository becomes its default. */
async function firstBranch(repository: Repository, branch: string, after: Refs): Promise<void> {
  const branches = [...after.keys()].filter((ref) => ref.startsWith("refs/heads/"));
  if (branches.length > 1 || branches[0] !== `refs/heads/${branch}`) return;
  repository.defaultBranch = branch;
  await git(repository, ["symbolic-ref", "HEAD", `refs/heads/${branch}`]);
}

async function messageOf(repository: Repository, sha: string | undefined): Promise<string> {
  return sha === undefined ? "" : ((await commitFacts(repository, sha))?.message ?? "");
}

function emitPush(
  world: World,
  repository: Repository,
  ref: string,
  from: string | undefined,
  to: string | undefined,
  sender: Account,
  message: string,
): void {
  world.emit({
    name: "push",
    repository,
    sender,
    payload: (site) => ({
      ref,
      before: from ?? "0".repeat(40),
      after: to ?? "0".repeat(40),
      created: from === undefined,
      deleted: to === undefined,
      forced: false,
      base_ref: null,
      compare: `${site.html}/${fullName(repository)}/compare/${from}...${to}`,
      commits: [],
      head_commit: to === undefined ? null : { id: to, message },
      pusher: { name: sender.login, email: "" },
    }),
  });
}
