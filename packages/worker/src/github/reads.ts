import type { Instant, Millis, RepositoryName, RequiredCheck, Sha } from "@ampx/core";
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
} from "./answers/index.ts";
import type { Call, GitHubClient } from "./client.ts";
import { GitHubRefusal } from "./refusal.ts";
import { repositoryPath } from "./repository-path.ts";

/** What is read of one repository. Null: the token may not read it, or it is not there. `newsAt`: what was read of its runs and pull requests before is old. */
export function gitHubReads(
  client: GitHubClient,
  repository: RepositoryName,
  newsAt: Instant | null = null,
) {
  const root = repositoryPath(repository);
  const call = (signal: AbortSignal, freshMs = 0): Call => ({
    repository,
    signal,
    freshMs,
    newsAt,
  });
  const callOfRules = (signal: AbortSignal): Call => ({
    repository,
    signal,
    freshMs: rulesFreshMs,
  });
  return {
    root,

    repo: (signal: AbortSignal, freshMs?: Millis): Promise<Repo> =>
      client.get(root, Repo, call(signal, freshMs)),

    /**
     * The newest 100 of the repository: one request for all tasks of it. `isAll`: there are no more. With `until` as many pages more as it takes to get
     * there, up to 500 runs.
     */
    async newestRuns(
      signal: AbortSignal,
      freshMs: Millis,
      until: Instant | null = null,
    ): Promise<{ runs: ListedRun[]; isAll: boolean }> {
      const runs = new Map<number, ListedRun>();
      for (let page = 1; ; page++) {
        const path = `${root}/actions/runs?per_page=100${page === 1 ? "" : `&page=${page}`}`;
        const list = await client.get(path, RunList, call(signal, freshMs));
        // What is new moves others to the next page while that is read.
        for (const run of list.workflow_runs) if (!runs.has(run.id)) runs.set(run.id, run);
        const oldest = list.workflow_runs.at(-1)?.createdAt ?? -Infinity;
        const isAll = list.total_count <= (page - 1) * 100 + list.workflow_runs.length;
        if (isAll || until === null || oldest < until || page === maxRunPages)
          return { runs: [...runs.values()], isAll };
      }
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
        return pages.flatMap(({ statuses }) => statuses);
      }),

    /** What a branch holds and the statuses of that: where both are needed, one question. Null: it cannot be read so, or there is no such branch. */
    async headOf(branch: string, signal: AbortSignal) {
      const ref = encodeURIComponent(`heads/${branch}`);
      try {
        const pages = await client.pages(
          `${root}/commits/${ref}/status?per_page=100`,
          CombinedStatus,
          call(signal),
        );
        const [sha = null, ...others] = new Set(pages.map((page) => page.sha));
        // Moved between two pages.
        if (sha === null || others.length > 0) return null;
        return { sha, statuses: pages.flatMap(({ statuses }) => statuses) };
      } catch (error) {
        if (error instanceof GitHubRefusal && [403, 404, 422].includes(error.status)) return null;
        throw error;
      }
    },

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
          callOfRules(signal),
        ),
      );
      const classic = await readable(() =>
        client.get(`${root}/branches/${escaped(branch)}`, Branch, callOfRules(signal)),
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
            callOfRules(signal),
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
          callOfRules(signal),
        );
        return list.workflows;
      }),

    actionsOff: async (signal: AbortSignal): Promise<boolean | null> => {
      const found = await readable(() =>
        client.get(`${root}/actions/permissions`, ActionsPermissions, callOfRules(signal)),
      );
      return found === null ? null : !found.enabled;
    },
  };
}

const maxRunPages = 5;

export type GitHubReads = ReturnType<typeof gitHubReads>;

/** Rules change seldom, and no webhook that is heard here tells of them. */
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
