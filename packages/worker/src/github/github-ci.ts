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
import type { GitHubClient } from "./client.ts";
import type { CommitFacts } from "./commit-facts.ts";
import type { CommitMemories } from "./commit-memory.ts";
import { gitHubFailures, redsOf } from "./failures.ts";
import { lookInterval } from "./look-interval.ts";
import { gitHubReads } from "./reads.ts";
import { cancelRuns, rerunRuns } from "./run-control.ts";

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
    const going = runs.filter(
      (run) => run.status !== "completed" || memory.isAboutToRun(run, clock.now()),
    );
    const again = lookInterval(going, listed, { now: client.now(), fastMs: pollMs });
    const later = (reason: string): CiVerdict => ({
      is: "running",
      run: runs[0]?.url ?? null,
      reason,
      endsItself: false,
      lookAgainMs: again,
    });
    const about = runs.find((run) => memory.isAboutToRun(run, clock.now()));
    if (about !== undefined) return later(`${about.name} is about to run again`);

    const facts = memory.facts ?? (await options.factsOf(sha, signal));
    // A commit does not change; one that is not here yet may come.
    if (facts.workflows !== null) memory.facts = facts;
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
      const pulls = await reads.pullsOf(branch, "open", signal);
      if (pulls.length === 0) await options.openDraft(sha, signal);
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

  const scope = { client, reads, repository, branch, clock, memoryOf };
  return {
    remote: true,
    verdict,

    async failures(sha, signal) {
      const reds = redsOf(await lookAt(sha, signal));
      const call = { repository, signal };
      return gitHubFailures({ client, reads, folder: options.folder }, reds, sha, call);
    },

    rerun: (sha, signal) => rerunRuns(scope, sha, signal),
    cancel: (sha) => cancelRuns(scope, sha),
  };
}
