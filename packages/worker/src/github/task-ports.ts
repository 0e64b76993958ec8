import { join } from "node:path";
import {
  changeText,
  homePaths,
  type Config,
  type Instant,
  type Sha,
  type TaskState,
} from "@ampx/core";
import type { Ci, Clock, Forge, Workspace } from "../ports.ts";
import { commitFacts } from "./commit-facts.ts";
import type { GitHub, GitHubPlace } from "./connect.ts";
import { gitHubCi } from "./github-ci.ts";
import { gitHubForge } from "./github-forge.ts";

export interface GitHubTaskOptions {
  connected: GitHub;
  place: GitHubPlace;
  home: string;
  /** The project's. */
  config: Config;
  clock: Clock;
  redact: (text: string) => string;
}

/** CI and forge of a task whose repository is on GitHub, and its workspace, from whose pushes the wait for runs is counted. */
export function gitHubTaskPorts(
  { connected, place, home, config, clock, redact }: GitHubTaskOptions,
  workspace: Workspace,
  state: TaskState,
): { workspace: Workspace; ci: Ci; forge: Forge } {
  const { task, phase } = state;
  const { client, memories, ownToken } = connected;
  const { name: repository, base } = place;
  const settings = config.github;
  const pushes = new Map<Sha, Instant>();
  if (state.pushed !== null) {
    const isAwaited = phase.name === "awaiting_ci" && phase.sha === state.pushed;
    pushes.set(state.pushed, isAwaited ? phase.since : clock.now());
  }
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
      const { title, block } = changeText(state);
      return forge.openDraft(sha, { title: redact(title), block: redact(block) }, signal);
    },
    folder: join(homePaths(home).tmp, `ci-${task.id}`),
    clock,
    failFast: settings.fail_fast,
    firstRunMs: settings.first_run_seconds * 1_000,
    settleMs: settings.settle_seconds * 1_000,
    pollMs: settings.poll_seconds * 1_000,
    ownToken,
  });
  const push: Workspace["push"] = async (sha, expected, signal) => {
    const result = await workspace.push(sha, expected, signal);
    if (result.is === "pushed") {
      pushes.clear();
      pushes.set(sha, clock.now());
    }
    return result;
  };
  return { workspace: { ...workspace, push }, ci, forge };
}
