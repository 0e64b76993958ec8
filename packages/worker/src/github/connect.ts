import {
  defaultBase,
  UserError,
  type Config,
  type GitHubAddress,
  type RepositoryName,
} from "@ampx/core";
import { bareCopyOf, ensureCopy, fetchBranches, withCopy } from "../git/bare-copy.ts";
import type { GitIdentity } from "../git/git-environment.ts";
import { tryGit, type GitCall } from "../git/git.ts";
import type { Repository } from "../git/repository.ts";
import type { Clock } from "../ports.ts";
import { createGitHubClient, type GitHubClient } from "./client.ts";
import { createCommitMemories, type CommitMemories } from "./commit-memory.ts";
import { createCredentials } from "./credentials.ts";
import { gitCredentials, sshInstead } from "./git-credentials.ts";
import { gitHubHost, type GitHubHost } from "./hosts.ts";
import { findIdentity } from "./identity.ts";
import { gitHubReads } from "./reads.ts";

/** The worker's connection to one GitHub: one client, one memory, whatever the number of tasks. */
export interface GitHub {
  host: GitHubHost;
  client: GitHubClient;
  memories: CommitMemories;
  /** The token is a workflow's own. */
  ownToken: boolean;
}

/** A repository on GitHub, ready to be worked on: its copy on this machine holds the base branch. */
export interface GitHubPlace {
  name: RepositoryName;
  repository: Repository;
  /** The branch that the change is for: by `HEAD` the repository's default branch is meant. */
  base: string;
  /** Set by whoever finds that this is no longer so: then it is looked for anew. */
  isStale: boolean;
  /** The environment by which git reaches it. */
  credentials: (signal: AbortSignal) => Promise<Readonly<Record<string, string>>>;
}

export interface ConnectOptions {
  config: Config["github"];
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
}

/** Finds out who the worker is for GitHub; asks nothing yet. Throws a `UserError` for a configuration that cannot work. */
export async function connectGitHub(options: ConnectOptions, signal: AbortSignal): Promise<GitHub> {
  const { config, env, clock } = options;
  const host = gitHubHost(config.url);
  const identity = await findIdentity(config, env, signal);
  const credentials = createCredentials({ api: host.api, identity, clock });
  const { api, graphql } = host;
  const client = createGitHubClient({
    api,
    graphql,
    credentials,
    clock,
  });
  const ownToken =
    identity.is === "token" && identity.from === "GITHUB_TOKEN" && env["GITHUB_ACTIONS"] === "true";
  return { host, client, memories: createCommitMemories(), ownToken };
}

/** Finds a task's repository on GitHub and fetches its base. Throws a `UserError` for what cannot be worked on. */
export async function gitHubPlace(
  github: GitHub,
  task: { address: GitHubAddress; base: string; home: string; identity: GitIdentity },
  signal: AbortSignal,
): Promise<GitHubPlace> {
  const { address, home } = task;
  const repo = await gitHubReads(github.client, address).repo(signal);
  const full = `${address.owner}/${address.name}`;
  if (repo.archived === true)
    throw new UserError(`${full} is archived on GitHub: nothing can be pushed to it`, {
      kind: "conflict",
      tryThis: "unarchive it, or use a fork",
    });
  const [owner = address.owner, name = address.name] = repo.full_name.split("/");
  const base = task.base === defaultBase ? repo.default_branch : task.base;
  // The copy goes by the name that the task was started with: a renamed repository must not lose its worktrees.
  const url = `${github.host.web}/${full}.git`;
  const repository: Repository = {
    kind: "remote",
    url,
    gitDir: "",
    objectFormat: "sha1",
    defaultBranch: repo.default_branch,
    branches: [],
  };
  const copy = bareCopyOf(home, repository);
  const credentials = async (until: AbortSignal) => {
    const { client, host } = github;
    const credential = await client.credentials.tokenFor({ owner, name }, { signal: until });
    if (credential !== null) return gitCredentials(host.web, credential.token);
    return address.over === "ssh" ? sshInstead(host.web) : {};
  };
  const env = await credentials(signal);
  await withCopy(copy.dir, signal, async () => {
    await ensureCopy({ ...copy, repository }, task.identity, { signal });
    try {
      await fetchBranches(copy.dir, { base, own: null }, { signal, env });
    } catch (cause) {
      throw (await isEmpty(url, copy.dir, { signal, env }, cause))
        ? new UserError(`${full} is empty: it has no commit that a change could begin from`, {
            kind: "conflict",
            tryThis: "push a first commit, then ampx continue",
            cause,
          })
        : cause;
    }
  });
  return {
    name: { owner, name },
    repository: { ...repository, gitDir: copy.dir },
    base,
    isStale: false,
    credentials,
  };
}

/** Whether a fetch failed because there is nothing to fetch. */
async function isEmpty(
  url: string,
  dir: string,
  call: Pick<GitCall, "signal" | "env">,
  cause: unknown,
): Promise<boolean> {
  if (!(cause instanceof UserError) || cause.kind !== "not_found") return false;
  const heads = await tryGit(["ls-remote", "--heads", url], { ...call, cwd: dir, gitDir: dir });
  return heads.code === 0 && heads.stdout === "";
}
