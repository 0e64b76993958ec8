import type { Millis, RequiredCheck, Sha } from "@ampx/core";
import type { RepositoryName } from "./address.ts";
import {
  ActionsPermissions,
  Branch,
  BranchRules,
  CheckList,
  CombinedStatus,
  JobList,
  Pulls,
  Repo,
  RunList,
  WholePull,
  WorkflowList,
  type Job,
  type ListedCheck,
  type ListedRun,
  type Pull,
} from "./answers.ts";
import type { Call, GitHubClient } from "./client.ts";
import { GitHubRefusal } from "./refusal.ts";

/** What is read of one repository. Null: the token may not read it, or it is not there. */
export function gitHubReads(client: GitHubClient, repository: RepositoryName) {
  const root = `/repos/${repository.owner}/${repository.name}`;
  const call = (signal: AbortSignal, freshMs = 0): Call => ({ repository, signal, freshMs });
  return {
    root,

    repo: (signal: AbortSignal, freshMs?: Millis): Promise<Repo> =>
      client.get(root, Repo, call(signal, freshMs)),

    /** The newest 100 of the repository: one request for all tasks of it. `isAll`: there are no more. */
    async newestRuns(
      signal: AbortSignal,
      freshMs: Millis,
    ): Promise<{ runs: ListedRun[]; isAll: boolean }> {
      const list = await client.get(
        `${root}/actions/runs?per_page=100`,
        RunList,
        call(signal, freshMs),
      );
      return { runs: list.workflow_runs, isAll: list.total_count <= list.workflow_runs.length };
    },

    async runsOf(sha: Sha, signal: AbortSignal, freshMs?: Millis): Promise<ListedRun[]> {
      // An empty or short one would not be taken for a filter.
      if (!/^[0-9a-f]{40}$/.test(sha)) throw new TypeError(`not a full commit id: ${sha}`);
      const path = `${root}/actions/runs?head_sha=${sha}&per_page=100`;
      const pages = await client.pages(path, RunList, call(signal, freshMs));
      return pages.flatMap((page) => page.workflow_runs).filter(({ headSha }) => headSha === sha);
    },

    checksOf: (sha: Sha, signal: AbortSignal): Promise<ListedCheck[] | null> =>
      readable(async () => {
        const path = `${root}/commits/${sha}/check-runs?per_page=100&filter=latest`;
        const pages = await client.pages(path, CheckList, call(signal));
        return pages.flatMap((page) => page.check_runs);
      }),

    statusesOf: (sha: Sha, signal: AbortSignal) =>
      readable(async () => {
        const pages = await client.pages(
          `${root}/commits/${sha}/status?per_page=100`,
          CombinedStatus,
          call(signal),
        );
        return pages.flat();
      }),

    async jobsOf(run: number, signal: AbortSignal): Promise<Job[]> {
      const path = `${root}/actions/runs/${run}/jobs?filter=latest&per_page=100`;
      return (await client.pages(path, JobList, call(signal))).flatMap((page) => page.jobs);
    },

    /** What the base branch requires, by rules and by classic protection. */
    async requiredOn(branch: string, signal: AbortSignal): Promise<RequiredCheck[] | null> {
      const rules = await readable(() =>
        client.get(
          `${root}/rules/branches/${escaped(branch)}?per_page=100`,
          BranchRules,
          call(signal, rulesFreshMs),
        ),
      );
      const classic = await readable(() =>
        client.get(`${root}/branches/${escaped(branch)}`, Branch, call(signal, rulesFreshMs)),
      );
      if (rules === null && classic === null) return null;
      return [...(rules?.required ?? []), ...(classic?.required ?? [])];
    },

    hasMergeQueue: async (branch: string, signal: AbortSignal): Promise<boolean> =>
      (
        await readable(() =>
          client.get(
            `${root}/rules/branches/${escaped(branch)}?per_page=100`,
            BranchRules,
            call(signal, rulesFreshMs),
          ),
        )
      )?.mergeQueue === true,

    async tipOf(branch: string, signal: AbortSignal): Promise<Sha | null> {
      const found = await readable(() =>
        client.get(`${root}/branches/${escaped(branch)}`, Branch, call(signal)),
      );
      return found?.sha ?? null;
    },

    /** Pull requests of a branch of this repository, newest first. */
    async pullsOf(
      branch: string,
      state: "open" | "all",
      signal: AbortSignal,
      freshMs?: Millis,
    ): Promise<Pull[]> {
      const head = encodeURIComponent(`${repository.owner}:${branch}`);
      const path = `${root}/pulls?head=${head}&state=${state}&per_page=100`;
      const pulls = await client.get(path, Pulls, call(signal, freshMs));
      return pulls
        .filter(({ head: { ref } }) => ref === branch)
        .toSorted((a, b) => b.number - a.number);
    },

    pull: (number: number, signal: AbortSignal) =>
      client.get(`${root}/pulls/${number}`, WholePull, call(signal)),

    workflows: (signal: AbortSignal) =>
      readable(async () => {
        const list = await client.get(
          `${root}/actions/workflows?per_page=100`,
          WorkflowList,
          call(signal, rulesFreshMs),
        );
        return list.workflows;
      }),

    actionsOff: async (signal: AbortSignal): Promise<boolean | null> => {
      const found = await readable(() =>
        client.get(`${root}/actions/permissions`, ActionsPermissions, call(signal, rulesFreshMs)),
      );
      return found === null ? null : !found.enabled;
    },
  };
}

export type GitHubReads = ReturnType<typeof gitHubReads>;

/** Rules change seldom. */
const rulesFreshMs: Millis = 5 * 60_000;

/** Null for what the token may not read: a fine-grained one has no check runs, say. */
export async function readable<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GitHubRefusal && [403, 404].includes(error.status)) return null;
    throw error;
  }
}

export function escaped(branch: string): string {
  return branch.split("/").map(encodeURIComponent).join("/");
}
