import { join } from "node:path";
import {
  changeText,
  defaultBase,
  homePaths,
  TransientError,
  UserError,
  type Config,
  type Instant,
  type Millis,
  type Sha,
  type TaskState,
} from "@ampx/core";
import type { Ci, Clock, Forge, TaskIssue, Workspace } from "../ports.ts";
import { commitFacts } from "./commit-facts.ts";
import type { GitHub, GitHubPlace } from "./connect.ts";
import { gitHubCi } from "./github-ci.ts";
import { gitHubForge } from "./github-forge.ts";
import { gitHubIssue } from "./github-issue.ts";

export interface GitHubTaskOptions {
  connected: GitHub;
  place: GitHubPlace;
  home: string;
  /** The project's. */
  config: Config;
  clock: Clock;
  redact: (text: string) => string;
  /** When webhooks last told: of the task, and of any run of its repository. */
  told: { newsAt: Instant | null; hookOfRunsAt: Instant | null };
}

/** `hookOfRunsAt` is noted no more often. */
const heardEveryMs: Millis = 60_000;

/** CI and forge of a task whose repository is on GitHub, and its workspace, from whose pushes the wait for runs is counted. */
export function gitHubTaskPorts(
  { connected, place, home, config, clock, redact, told }: GitHubTaskOptions,
  workspace: Workspace,
  state: TaskState,
): { workspace: Workspace; ci: Ci; forge: Forge; issue?: TaskIssue } {
  const { task, phase } = state;
  const { client, memories, ownToken } = connected;
  const { name: repository, base } = place;
  const settings = config.github;
  const pushes = new Map<Sha, Instant>();
  const isAwaited = phase.name === "awaiting_ci" && phase.sha === state.pushed;
  if (state.pushed !== null) {
    pushes.set(state.pushed, isAwaited ? phase.since : clock.now());
  }
  const onBaseGone = (): Error => {
    if (task.base !== defaultBase)
      return new UserError(`GitHub shows no branch ${base} any more`, {
        kind: "not_found",
        tryThis: "make it again, then ampx continue; or a new task with another --base",
      });
    place.isStale = true;
    return new TransientError(
      `GitHub shows no branch ${base} any more: what the default branch is now is looked up`,
    );
  };
  const forge = gitHubForge({
    client,
    repository,
    branch: task.branch,
    base,
    draft: settings.draft,
    labels: settings.labels,
    reviewers: settings.reviewers,
    assignees: settings.assignees,
    mergeMethod: settings.merge_method ?? null,
    deleteBranch: settings.delete_branch,
    onBaseGone,
    lookAgainMs: 3_000 * settings.poll_seconds,
  });
  const ci = gitHubCi({
    client,
    repository,
    branch: task.branch,
    base,
    memories,
    pushedAt: (sha) => pushes.get(sha) ?? null,
    factsOf: (sha, signal) => commitFacts(place.repository.gitDir, sha, base, signal),
    openDraft: (sha, signal) => {
      const { title, block } = changeText(state, settings.link_issues);
      return forge.openDraft(sha, { title: redact(title), block: redact(block) }, signal);
    },
    folder: join(homePaths(home).tmp, `ci-${task.id}`),
    clock,
    failFast: settings.fail_fast,
    firstRunMs: settings.first_run_seconds * 1_000,
    settleMs: settings.settle_seconds * 1_000,
    pollMs: settings.poll_seconds * 1_000,
    ownToken,
    newsAt: told.newsAt,
    // A push that starts runs is told of by each of them.
    hasHooks:
      isAwaited && told.hookOfRunsAt !== null && told.hookOfRunsAt > phase.since - heardEveryMs,
  });
  /** A default branch may be renamed at any time. */
  const onBase = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof UserError && /couldn't find remote ref/.test(error.message)
        ? onBaseGone()
        : error;
    }
  };
  const push: Workspace["push"] = async (sha, expected, signal) => {
    const result = await workspace.push(sha, expected, signal);
    if (result.is === "pushed") {
      pushes.clear();
      pushes.set(sha, clock.now());
    }
    return result;
  };
  const issue =
    task.issue === undefined
      ? {}
      : { issue: gitHubIssue({ client, repository, number: task.issue, task }) };
  const onGitHub: Workspace = {
    ...workspace,
    push,
    prepare: (signal) => onBase(() => workspace.prepare(signal)),
    commit: (message, signal) => onBase(() => workspace.commit(message, signal)),
    rebase: (signal) => onBase(() => workspace.rebase(signal)),
  };
  return { workspace: onGitHub, ci, forge, ...issue };
}
