import {
  explainNoRun,
  githubVerdict,
  type CiVerdict,
  type CommitRows,
  type Instant,
  type Millis,
  type NoRun,
  type Sha,
  type Unseen,
} from "@ampx/core";
import type { Ci, Clock } from "../ports.ts";
import type { RepositoryName } from "./address.ts";
import { Nothing, type ListedCheck, type ListedRun } from "./answers.ts";
import type { Call, GitHubClient } from "./client.ts";
import type { CommitFacts } from "./commit-facts.ts";
import type { CommitMemories } from "./commit-memory.ts";
import { gitHubFailures, type Reds } from "./failures.ts";
import { lookInterval } from "./look-interval.ts";
import { gitHubReads } from "./reads.ts";
import { GitHubRefusal } from "./refusal.ts";

export interface GitHubCiOptions {
  client: GitHubClient;
  repository: RepositoryName;
  /** The task's branch: runs of other branches are never cancelled, and no pull request is opened for another. */
  branch: string;
  base: string;
  memories: CommitMemories;
  /** When a commit was pushed, where that is known: the wait for its runs begins there. */
  pushedAt(sha: Sha): Instant | null;
  factsOf(sha: Sha, signal: AbortSignal): Promise<CommitFacts>;
  /** Opens a draft of the change, for workflows that run on pull requests alone. */
  openDraft(sha: Sha, signal: AbortSignal): Promise<unknown>;
  /** Where logs are put until they are read; emptied at each look at failures. */
  folder: string;
  clock: Clock;
  failFast: boolean;
  firstRunMs: Millis;
  settleMs: Millis;
  /** Between two looks when a verdict may come any moment. */
  pollMs: Millis;
  /** The token is a workflow's own, which starts no workflows. */
  ownToken: boolean;
}

/** GitHub as the judge of commits: workflow runs, check runs of other apps, and statuses. It judges by itself; what is started here is only the pull request that some workflows wait for. */
export function gitHubCi(options: GitHubCiOptions): Ci {
  const { client, repository, branch, base, clock, pollMs } = options;
  const reads = gitHubReads(client, repository);
  const name = `${repository.owner}/${repository.name}`;
  const memoryOf = (sha: Sha) =>
    options.memories.of(name, sha, options.pushedAt(sha) ?? clock.now());
  // A bit less than the pause, so that what all tasks ask for is asked once a pause.
  const freshMs = pollMs * 0.8;

  const verdict: Ci["verdict"] = async (sha, signal) => {
    const memory = memoryOf(sha);
    const look = await lookAt(sha, signal);
    const { runs, listed } = look;
    const vanished = memory.see(runs, clock.now());
    const open = runs.filter(
      (run) => run.status !== "completed" || memory.isAboutToRun(run, clock.now()),
    );
    const again = lookInterval(open, listed, { now: client.now(), fastMs: pollMs });
    const later = (reason: string): CiVerdict => ({
      is: "running",
      run: runs[0]?.url ?? null,
      reason,
      endsItself: false,
      lookAgainMs: again,
    });
    const about = runs.find((run) => memory.isAboutToRun(run, clock.now()));
    if (about !== undefined) return later(`${about.name} is about to run again`);

    const facts = await options.factsOf(sha, signal);
    const isTip = options.pushedAt(sha) !== null;
    const why = (more: Partial<Unseen>) =>
      explainNoRun({
        ...facts,
        branch: isTip ? branch : base,
        base,
        pull: isTip && memory.hasPull ? { conflicted: null } : null,
        actionsOff: null,
        ownToken: options.ownToken,
        ...more,
      });
    let missing = why({});
    if (isTip && missing.is === "expected" && missing.needPull.length > 0) {
      const [open] = await reads.pullsOf(branch, "open", signal);
      if (open === undefined) await options.openDraft(sha, signal);
      memory.hasPull = true;
      memory.since = clock.now();
      missing = why({});
    }
    const isOverdue = clock.now() - memory.since >= options.firstRunMs;
    const paths = new Set(runs.map(({ path }) => path.replace(/@.*$/, "")));
    const lacks = missing.is === "expected" && missing.surely.some((path) => !paths.has(path));
    // What GitHub alone knows is asked when nothing else explains it.
    if (isTip && isOverdue && (lacks || runs.length === 0))
      missing = why(await detail(facts, signal));
    // GitHub's clock stamps the rows, so they are held against that.
    const skew = clock.now() - client.now();
    const rows: CommitRows = {
      sha,
      now: client.now(),
      since: memory.since - skew,
      ...look,
      vanished,
      expected:
        missing.is === "none"
          ? []
          : isOverdue
            ? missing.surely
            : [...missing.surely, ...missing.perhaps],
      supersededBy: null,
      failFast: options.failFast,
      firstRunMs: options.firstRunMs,
      settleMs: options.settleMs,
    };
    const first = githubVerdict(rows);
    // What ran is green, and what did not cannot run.
    if (first.is === "passed" && lacks && missing.is === "none") return missing;
    if (first.is === "unseen")
      return isTip
        ? unseen(sha, first.overdue, missing, later, signal)
        : unseenBase(first.overdue, missing, later);
    // Before a cancelled run is started again, it is looked whether it was cancelled for a newer commit.
    const found =
      first.is === "errored"
        ? githubVerdict({ ...rows, supersededBy: await successorOf(sha, signal) })
        : first;
    if (found.is === "unseen") return later("nothing has reported yet");
    return found.is === "running" ? { ...found, lookAgainMs: again } : found;
  };

  /** All rows of the commit; the checks and statuses only when they can matter already. */
  const lookAt = async (sha: Sha, signal: AbortSignal) => {
    const { runs: listed, isAll } = await reads.newestRuns(signal, freshMs);
    let runs = listed.filter(({ headSha }) => headSha === sha);
    const oldest = listed.at(-1)?.createdAt ?? 0;
    const mayBeOlder = !isAll && oldest > memoryOf(sha).since - 60_000;
    if ((runs.length === 0 && !isAll && options.pushedAt(sha) === null) || mayBeOlder)
      runs = await reads.runsOf(sha, signal, freshMs);
    const required = await reads.requiredOn(base, signal);
    const isOpen = runs.some(({ status }) => status !== "completed");
    const waits = isOpen && !options.failFast && (required ?? []).length === 0;
    if (waits) return { runs, listed, required, checks: [], statuses: [] };
    const checks = await reads.checksOf(sha, signal);
    const statuses = await reads.statusesOf(sha, signal);
    return { runs, listed, required, checks, statuses };
  };

  const successorOf = async (sha: Sha, signal: AbortSignal): Promise<Sha | null> => {
    if (options.pushedAt(sha) === null) return null;
    const tip = await reads.tipOf(branch, signal);
    return tip === null || tip === sha ? null : tip;
  };

  /** What GitHub knows of the reasons for which nothing runs. */
  const detail = async (facts: CommitFacts, signal: AbortSignal): Promise<Partial<Unseen>> => {
    const states = new Map(
      (await reads.workflows(signal))?.map(({ path, state }) => [path, state]),
    );
    const workflows =
      facts.workflows?.map((file) => ({ ...file, state: states.get(file.path) ?? null })) ?? null;
    const [open] = await reads.pullsOf(branch, "open", signal, freshMs);
    const mergeable = open === undefined ? null : (await reads.pull(open.number, signal)).mergeable;
    const pull = open === undefined ? null : { conflicted: mergeable === false };
    return { workflows, pull, actionsOff: await reads.actionsOff(signal) };
  };

  /** Nobody has reported on what was pushed: is it to come, or will it never? */
  const unseen = async (
    sha: Sha,
    overdue: boolean,
    missing: NoRun,
    later: (reason: string) => CiVerdict,
    signal: AbortSignal,
  ): Promise<CiVerdict> => {
    if (!overdue)
      return later(
        memoryOf(sha).hasPull
          ? "waits for the first run; a draft pull request is open, as some workflows run for those alone"
          : "waits for the first run",
      );
    const tip = await reads.tipOf(branch, signal);
    if (tip !== sha)
      return {
        is: "blocked",
        run: `github:${sha}`,
        reason:
          tip === null
            ? `the branch ${branch} was deleted on GitHub`
            : `the branch ${branch} was moved to ${tip.slice(0, 10)} by somebody else`,
      };
    if (missing.is === "none") return missing;
    const files = [...missing.surely, ...missing.perhaps];
    const what = files.length === 0 ? "a workflow" : files.join(", ");
    return {
      is: "none",
      reason: `GitHub has started nothing within ${Math.round(options.firstRunMs / 1_000)} s, though ${what} should run`,
    };
  };

  const unseenBase = (
    overdue: boolean,
    missing: NoRun,
    later: (reason: string) => CiVerdict,
  ): CiVerdict => {
    if (!overdue && missing.is === "expected") return later("waits for the first run");
    const reason = missing.is === "none" ? missing.reason : "nothing has run for the base commit";
    return { is: "none", reason };
  };

  const call = (signal: AbortSignal): Call => ({ repository, signal });

  return {
    remote: true,
    verdict,

    async failures(sha, signal) {
      const { runs, checks, statuses, required } = await lookAt(sha, signal);
      return gitHubFailures(
        { client, reads, folder: options.folder },
        redsOf(runs, checks, statuses, required),
        sha,
        call(signal),
      );
    },

    async rerun(sha, signal) {
      const memory = memoryOf(sha);
      const runs = await reads.runsOf(sha, signal);
      const newest = newestOf(runs);
      if (newest.some((run) => run.status !== "completed" || memory.isAboutToRun(run, clock.now())))
        return;
      for (const run of newest.filter(({ conclusion }) => !fine.has(conclusion ?? ""))) {
        // Of a cancelled run no job has failed.
        const verb =
          run.conclusion === "failure" || run.conclusion === "timed_out"
            ? "rerun-failed-jobs"
            : "rerun";
        const sent = await tolerant(() =>
          client.send(
            "POST",
            `${reads.root}/actions/runs/${run.id}/${verb}`,
            undefined,
            Nothing,
            call(signal),
          ),
        );
        if (sent) memory.askedAgain(run, clock.now());
      }
    },

    async cancel(sha) {
      // It must not stand in the way of the next push, nor of an abort: what may not be cancelled, or cannot, runs to its end.
      const signal = AbortSignal.timeout(30_000);
      try {
        for (const run of await reads.runsOf(sha, signal))
          if (run.status !== "completed" && run.branch === branch)
            await client.send(
              "POST",
              `${reads.root}/actions/runs/${run.id}/cancel`,
              undefined,
              Nothing,
              call(signal),
            );
      } catch (error) {
        console.error(
          `CI of ${name} ${sha.slice(0, 10)} was not cancelled: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    },
  };
}

const fine = new Set(["success", "neutral", "skipped", "action_required"]);
const red = new Set(["failure", "timed_out", "startup_failure"]);

function redsOf(
  runs: readonly ListedRun[],
  checks: readonly ListedCheck[] | null,
  statuses: Reds["statuses"] | null,
  required: Reds["required"] | null,
): Reds {
  const suites = new Set(runs.map(({ suiteId }) => suiteId));
  const isWanted = (context: string) =>
    required === null || required.length === 0 || required.some((one) => one.context === context);
  return {
    runs: newestOf(runs).filter(({ conclusion }) => red.has(conclusion ?? "")),
    checks: (checks ?? []).filter(
      ({ conclusion, suiteId, name }) =>
        red.has(conclusion ?? "") && (suiteId === null || !suites.has(suiteId)) && isWanted(name),
    ),
    statuses: (statuses ?? []).filter(
      ({ state, context }) => (state === "failure" || state === "error") && isWanted(context),
    ),
    required: required ?? [],
  };
}

function newestOf(runs: readonly ListedRun[]): ListedRun[] {
  const newest = new Map<string, ListedRun>();
  for (const run of runs) {
    const key = `${run.workflowId} ${run.event}`;
    const known = newest.get(key);
    if (
      known === undefined ||
      run.id > known.id ||
      (run.id === known.id && run.attempt > known.attempt)
    )
      newest.set(key, run);
  }
  return [...newest.values()];
}

/** False when GitHub does not let this token do it, or not with this run. */
async function tolerant(send: () => Promise<{ is: "done" | "refused" }>): Promise<boolean> {
  try {
    return (await send()).is === "done";
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 403) return false;
    throw error;
  }
}
