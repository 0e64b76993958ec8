import type { Instant, Millis, Sha } from "../scalars.ts";
import type { CiVerdict } from "../verdict.ts";
import { meaningOf, meaningOfState, type Meaning } from "./conclusion.ts";
import { newestRuns } from "./newest-runs.ts";
import type { CheckRun, CommitStatus, RequiredCheck, WorkflowRun } from "./rows.ts";

/** All that GitHub says of one commit, and how long to wait for more. */
export interface CommitRows {
  /** All 40 digits: rows of any other commit are left out. */
  sha: Sha;
  now: Instant;
  /** When the commit was first looked for; its runs are created after that, with a delay. */
  since: Instant;
  runs: readonly WorkflowRun[];
  /** Null: the token may not read them. */
  checks: readonly CheckRun[] | null;
  statuses: readonly CommitStatus[] | null;
  /** What the base branch requires; null when that cannot be read, empty when it requires nothing: then all rows count. */
  required: readonly RequiredCheck[] | null;
  /** Workflow files that run for this commit by their triggers: without a run of each it is not green. */
  expected: readonly string[];
  /** Runs that were listed a moment ago and are not any more: a listing may flicker. */
  vanished: readonly string[];
  /** What the branch holds now, when that is another commit. */
  supersededBy: Sha | null;
  /** Whether the first red counts while others still run. */
  failFast: boolean;
  /** How long runs may take to appear. */
  firstRunMs: Millis;
  /** How long after the newest row appeared another may follow it. */
  settleMs: Millis;
}

/** `unseen`: nothing has reported on the commit. `overdue`: nor will anything, by the first-run window. */
export type GitHubVerdict = CiVerdict | { is: "unseen"; overdue: boolean };

/** What GitHub's rows say of a commit. Green needs every row that counts to be done and one that has really passed. */
export function githubVerdict(rows: CommitRows): GitHubVerdict {
  const { now, since, failFast, firstRunMs, settleMs } = rows;
  if (!/^[0-9a-f]{40}$/.test(rows.sha)) throw new TypeError(`not a full commit id: ${rows.sha}`);
  const runs = newestRuns(rows.runs.filter((run) => run.headSha === rows.sha));
  const entries = entriesOf(rows, runs);
  const waited = now - since;
  if (entries.length === 0 && rows.vanished.length === 0)
    return { is: "unseen", overdue: waited >= firstRunMs };

  const run = entries.find(({ url }) => url !== "")?.url ?? `github:${rows.sha}`;
  const running = (reason: string) => ({
    is: "running" as const,
    run,
    reason,
    endsItself: false,
  });
  const open = entries.filter(({ meaning }) => meaning === null);
  const by = (meaning: Meaning) => entries.filter((entry) => entry.meaning === meaning);
  const red = by("fail");
  const failed = (): CiVerdict => ({
    is: "failed",
    run: red[0]?.url || run,
    jobs: [...new Set(red.flatMap(({ jobs }) => jobs))],
  });
  if (red.length > 0 && (failFast || open.length === 0)) return failed();

  const approvals = by("person");
  if (approvals.length > 0 && open.length === 0)
    return { is: "blocked", run: approvals[0]?.url || run, reason: approvalReason(approvals) };
  if (open.length > 0) return running(openReason(open, red));

  const unclear = by("unclear");
  if (unclear.length > 0) {
    const cause = `${listed(unclear)} ${unclear.length === 1 ? "was" : "were"} ${unclear[0]?.word ?? "cancelled"}`;
    if (rows.supersededBy === null) return { is: "errored", run: unclear[0]?.url || run, cause };
    const reason = `${cause}: the branch is at ${rows.supersededBy.slice(0, 10)} by now`;
    return { is: "moved", found: rows.supersededBy, reason };
  }

  const missing = missingOf(rows, runs);
  if (rows.vanished.length > 0)
    return running(
      `GitHub's list is incomplete: ${rows.vanished.join(", ")} was there a moment ago`,
    );
  if (missing.required.length > 0)
    return running(
      `waits for what ${plural(missing.required.length, "required check")} say: ${missing.required.join(", ")}`,
    );
  if (missing.expected.length > 0) {
    const files = missing.expected.join(", ");
    if (waited < firstRunMs) return running(`waits for the run of ${files}`);
    return { is: "none", reason: `GitHub has started no run of ${files}` };
  }
  if (!entries.some(({ meaning }) => meaning === "pass"))
    return { is: "none", reason: `${listed(entries)} ran nothing: all is skipped` };
  const newest = Math.max(since, ...entries.map(({ createdAt }) => createdAt));
  const settlesIn = newest + settleMs - now;
  if (settlesIn > 0)
    return { ...running("all is green; another run may still appear"), lookAgainMs: settlesIn };
  return { is: "passed", run };
}

/** One thing that has to be green. */
interface Entry {
  name: string;
  /** Null while it goes on. */
  meaning: Meaning | null;
  /** Its conclusion, or what it does, in GitHub's word. */
  word: string;
  /** The jobs that failed in it. */
  jobs: string[];
  url: string;
  createdAt: Instant;
}

function entriesOf(rows: CommitRows, runs: readonly WorkflowRun[]): Entry[] {
  const { required } = rows;
  const checks = checksOf(rows, runs);
  const statuses = (rows.statuses ?? []).filter(({ sha }) => sha === rows.sha);
  if (required === null || required.length === 0 || rows.checks === null) {
    const suites = new Set(rows.runs.map(({ suiteId }) => suiteId));
    // The jobs of a workflow are judged by its run, which knows which of them may fail.
    const others = checks.filter(({ suiteId }) => suiteId === null || !suites.has(suiteId));
    return [
      ...runs.map((run) => runEntry(run, checks)),
      ...others.map(checkEntry),
      ...statuses.map(statusEntry),
    ];
  }
  const isRequired = (name: string, appId: number | null) =>
    required.some(
      (one) =>
        one.context === name && (one.appId === null || appId === null || one.appId === appId),
    );
  return [
    ...checks.filter(({ name, appId }) => isRequired(name, appId)).map(checkEntry),
    ...statuses.filter(({ context }) => isRequired(context, null)).map(statusEntry),
    // Without jobs there is no check that could be required: the workflow that should have made it says why.
    ...runs
      .filter(
        ({ conclusion }) => conclusion === "startup_failure" || conclusion === "action_required",
      )
      .map((run) => runEntry(run, checks)),
  ];
}

/** Of this commit, and not of a run that a newer one of the same workflow and event has replaced. */
function checksOf(rows: CommitRows, runs: readonly WorkflowRun[]): CheckRun[] {
  const newest = new Set(runs.map(({ suiteId }) => suiteId));
  const replaced = new Set(rows.runs.map(({ suiteId }) => suiteId).filter((id) => !newest.has(id)));
  return (rows.checks ?? []).filter(
    ({ headSha, suiteId }) => headSha === rows.sha && (suiteId === null || !replaced.has(suiteId)),
  );
}

function runEntry(run: WorkflowRun, checks: readonly CheckRun[]): Entry {
  const isDone = run.status === "completed";
  const own = checks.filter(({ suiteId }) => suiteId !== null && suiteId === run.suiteId);
  const failed = own.filter((check) => isOver(check) && meaningOf(check.conclusion) === "fail");
  return {
    name: run.name,
    meaning: isDone ? meaningOf(run.conclusion) : null,
    word: (isDone ? run.conclusion : run.status) ?? "without a conclusion",
    jobs: failed.length === 0 ? [run.name] : failed.map(({ name }) => name),
    url: run.url,
    createdAt: run.createdAt,
  };
}

function checkEntry(check: CheckRun): Entry {
  const { name, conclusion, status, url, createdAt } = check;
  const isDone = isOver(check);
  return {
    name,
    meaning: isDone ? meaningOf(conclusion) : null,
    word: (isDone ? conclusion : status) ?? "without a conclusion",
    jobs: [name],
    url,
    createdAt: createdAt ?? 0,
  };
}

function statusEntry({ context, state, url, createdAt }: CommitStatus): Entry {
  const meaning = meaningOfState(state);
  return { name: context, meaning, word: state, jobs: [context], url, createdAt };
}

function isOver({ status }: CheckRun): boolean {
  return status === "completed";
}

function missingOf(rows: CommitRows, runs: readonly WorkflowRun[]) {
  const reported = new Set([
    ...checksOf(rows, runs).map(({ name }) => name),
    ...(rows.statuses ?? []).map(({ context }) => context),
  ]);
  const paths = new Set(runs.map(({ path }) => path.replace(/@.*$/, "")));
  // Without check runs nothing can be said of what is required: the runs decide.
  const required = rows.checks === null ? [] : (rows.required ?? []);
  return {
    required: required.map(({ context }) => context).filter((context) => !reported.has(context)),
    expected: rows.expected.filter((path) => !paths.has(path)),
  };
}

function approvalReason(entries: readonly Entry[]): string {
  const [first] = entries;
  const where = first === undefined || first.url === "" ? "" : `: ${first.url}`;
  return `${listed(entries)} waits for a person's approval${where}`;
}

function openReason(open: readonly Entry[], red: readonly Entry[]): string {
  const waiting = open.filter(({ word }) => word === "waiting");
  const queued = open.filter(({ word }) => word === "queued");
  const doing =
    waiting.length === open.length
      ? `${listed(open)} waits for the approval of a deployment`
      : queued.length === open.length
        ? `${listed(open)} waits for a runner`
        : `${listed(open)} runs`;
  return red.length === 0 ? doing : `${doing}; ${listed(red)} has failed`;
}

function listed(entries: readonly Entry[]): string {
  const names = [...new Set(entries.map(({ name }) => name))];
  return names.length <= 3
    ? names.join(", ")
    : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
