import { rm } from "node:fs/promises";
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
  type RepositoryName,
} from "@ampx/core";
import type { Ci, Clock } from "../ports.ts";
import type { ListedRun } from "./answers/index.ts";
import type { GitHubClient } from "./client.ts";
import type { CommitFacts } from "./commit-facts.ts";
import type { CommitMemories, CommitMemory } from "./commit-memory.ts";
import { gitHubFailures, redsOf } from "./failures.ts";
import { lookInterval, type Outlook, type Pace } from "./look-interval.ts";
import { movedWords } from "./moved-words.ts";
import { readRows, type LookedRows } from "./read-rows.ts";
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
  /** Where logs are put until they are read. */
  folder: string;
  clock: Clock;
  failFast: boolean;
  firstRunMs: Millis;
  settleMs: Millis;
  /** Between two looks when a verdict may come any moment. */
  pollMs: Millis;
  /** The token is a workflow's own, which starts no workflows. */
  ownToken: boolean;
  /** When a webhook last told of news for the task: what was read before is old. */
  newsAt?: Instant | null;
  /** Webhooks of runs of the repository have come since the commit was pushed, so that of its end is likely to come as well. */
  hasHooks?: boolean;
}

/** Beyond so many waiting commits of a repository its listing is another one at nearly every look, and each of these counts. */
const crowd = 25;
/** Who waits has looked within this time. */
const awaitedMs: Millis = 3 * 60_000;

/** GitHub as the judge of commits: workflow runs, check runs of other apps, and statuses. It judges by itself; what is started here is only the pull request that some workflows wait for. */
export function gitHubCi(options: GitHubCiOptions): Ci {
  const { client, repository, branch, base, clock, pollMs, newsAt = null } = options;
  const reads = gitHubReads(client, repository, newsAt);
  /** GitHub's lists may lag behind its webhooks, so whoever was told of an end looks often for a while. */
  const isJustTold = () => newsAt !== null && clock.now() - newsAt < 3 * pollMs;
  const name = `${repository.owner}/${repository.name}`;
  const memoryOf = (sha: Sha) =>
    options.memories.of(name, sha, options.pushedAt(sha) ?? clock.now());
  const isCrowded = () => options.memories.awaited(name, clock.now() - awaitedMs) > crowd;
  const pace = (): Pace => {
    const now = clock.now();
    return isCrowded()
      ? { now, tickMs: 2 * pollMs, slowTicks: 1 }
      : { now, tickMs: pollMs, slowTicks: 3 };
  };
  /** What another task has asked since the last tick will do. */
  const freshMs = (): Millis => {
    const { now, tickMs } = pace();
    return (now % tickMs) + 1;
  };

  const verdict: Ci["verdict"] = async (sha, signal) => {
    const memory = memoryOf(sha);
    const found = await judge(sha, signal);
    memory.isNew = false;
    memory.awaitedAt = found.is === "running" ? clock.now() : null;
    return found;
  };

  const judge: Ci["verdict"] = async (sha, signal) => {
    const memory = memoryOf(sha);
    const isTip = options.pushedAt(sha) !== null;
    let runs: ListedRun[] = [];
    let again = lookInterval(outlookOf(sha, [], []), pace());
    const later = (reason: string): CiVerdict => ({
      is: "running",
      run: runs[0]?.url ?? null,
      reason,
      endsItself: false,
      lookAgainMs: again,
    });

    const facts = memory.facts ?? (await options.factsOf(sha, signal));
    // A commit does not change; one that is not here yet may come.
    if (facts.workflows !== null) memory.facts = facts;
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
    // Nothing has run within a moment, so that is not asked.
    if (isTip && memory.isNew && clock.now() - memory.since < pollMs / 2 && !isOverdue)
      return later(waitsForFirst(memory));

    const lacksOf = (some: readonly ListedRun[]): boolean => {
      const paths = new Set(some.map(({ path }) => path.replace(/@.*$/, "")));
      return missing.is === "expected" && missing.surely.some((path) => !paths.has(path));
    };
    const look = await lookAt(sha, signal, (some) => !isOverdue && lacksOf(some));
    const { listed } = look;
    runs = look.runs;
    const vanished = memory.see(runs, clock.now());
    const isAbout = (run: ListedRun) => memory.isAboutToRun(run, clock.now());
    const going = runs.filter((run) => run.status !== "completed" || isAbout(run));
    again = lookInterval(outlookOf(sha, going, listed), pace());
    const about = runs.find(isAbout);
    if (about !== undefined) return later(`${about.name} is about to run again`);

    const lacks = lacksOf(runs);
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
    if (found.is === "moved") return { ...found, reason: movedWords(branch, sha, found.found) };
    return found.is === "running" ? { lookAgainMs: again, ...found } : found;
  };

  const outlookOf = (sha: Sha, going: ListedRun[], listed: ListedRun[]): Outlook => ({
    going,
    listed,
    failFast: options.failFast,
    hasHooks: options.hasHooks === true && !isJustTold(),
    since: memoryOf(sha).since - (clock.now() - client.now()),
    now: client.now(),
  });

  const lookAt = (
    sha: Sha,
    signal: AbortSignal,
    isToCome: (runs: readonly ListedRun[]) => boolean,
  ): Promise<LookedRows> => {
    const isTip = options.pushedAt(sha) !== null;
    const of = { sha, branch: isTip ? branch : null, base, since: memoryOf(sha).since };
    const how = { failFast: options.failFast, isCrowded: isCrowded(), freshFor: freshMs() };
    return readRows(reads, { ...of, ...how, isToCome }, signal);
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
    const [open] = await reads.pullsOf(branch, "open", signal, freshMs());
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
    if (!overdue) return later(waitsForFirst(memoryOf(sha)));
    const tip = await reads.tipOf(branch, signal);
    if (tip !== sha) return { is: "moved", found: tip, reason: movedWords(branch, sha, tip) };
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
      const reds = redsOf(await lookAt(sha, signal, () => false));
      const call = { repository, signal };
      return gitHubFailures({ client, reads, folder: options.folder }, reds, sha, call);
    },

    // Those of the task's commit and of its base are never read at the same time.
    forgetFailures: () => rm(options.folder, { recursive: true, force: true }),

    rerun: (sha, signal) => rerunRuns(scope, sha, signal),
    cancel: (sha) => cancelRuns(scope, sha),
  };
}

function waitsForFirst({ hasPull }: CommitMemory): string {
  return hasPull
    ? "waits for the first run; a draft pull request is open, as some workflows run for those alone"
    : "waits for the first run";
}
