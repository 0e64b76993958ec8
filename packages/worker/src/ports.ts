import type {
  AgentAbilities,
  ChangeText,
  CiVerdict,
  Instant,
  Millis,
  PermissionAnswer,
  PermissionRequest,
  ReviewComment,
  Sha,
  TaskId,
  TurnOutcome,
} from "@ampx/core";

/** Drives one kind of coding agent. No verb throws: failure arrives as data. */
export interface Agent {
  readonly name: string;
  /** What it can do. One that cannot take up its session gets prompts that stand alone. */
  readonly can: AgentAbilities;
  /** Looks at what is installed, without side effects, within a few seconds. */
  probe(signal: AbortSignal): Promise<AgentProbe>;
  /** Runs one turn to its end and leaves no process behind, however it ends. */
  runTurn(turn: Turn, emit: (event: AgentEvent) => void, signal: AbortSignal): Promise<TurnOutcome>;
}

export interface AgentProbe {
  /** Absolute path of the command, or null when it is not installed. */
  command: string | null;
  version: string | null;
  /** What stands in the way of a turn, each with what to do about it. Empty means ready. */
  problems: { what: string; tryThis: string }[];
}

export interface Turn {
  taskId: TaskId;
  prompt: string;
  /** The session to take up, or null for a new one. */
  session: string | null;
  /** The worktree; the agent's working directory. */
  cwd: string;
  /** A private temporary folder, made by the caller and removed after the turn. */
  tmp: string;
  /** The environment marker of this task's processes, see `process-tree.ts`. */
  mark: string;
  /** Every raw line of the agent's output is appended here, redacted: the full text, where the database keeps only the newest lines. */
  rawFile: string;
  /** Ends the turn as `timed_out` after this much time. */
  wallMs: Millis;
  /** Ends the turn as `stalled` after this much silence. */
  stallMs: Millis;
  /** What the turn may still use; null: no cap. Whoever runs the turn aborts it when a cap is reached; an agent that would end by itself is told. */
  left: { usd: number | null; tokens: number | null };
  /** Whether a tool may be used, for agents that ask. May wait for a person; rejects when the turn is over. */
  permit(request: PermissionRequest): Promise<PermissionAnswer>;
  /** How each process of the turn gets into its sandbox; absent: there is none. */
  confine?: (command: string, args: readonly string[]) => Confined;
  /** What people say while the turn runs, for agents that can be steered. Asking for the next words says that the ones before were passed on. */
  words: AsyncIterable<string>;
}

/** A command line that runs another one inside a sandbox. */
export interface Confined {
  command: string;
  args: string[];
  /** How many processes stand above the one that was meant; they are not asked to end, only told. */
  levels: number;
  /** Is told every line that comes out. */
  heard(stream: "stdout" | "stderr", line: string): void;
  /** Of one that ended with an error: why the command was never started, if it was not. */
  fault(): string | undefined;
}

export type AgentEvent =
  | { type: "session"; id: string }
  | { type: "text"; text: string }
  | { type: "thinking"; text: string }
  | { type: "tool"; name: string; input: string }
  | { type: "tool_ended"; name: string; ok: boolean }
  /** The agent retries a model call by itself. */
  | { type: "retry"; message: string }
  | TokenUsage
  /** Tokens of all kinds that this turn has used at least and no usage event has told yet; such an event takes them back. Only caps are held against it. */
  | { type: "usage_so_far"; tokens: number }
  /** Output that is not of the agent's protocol: stderr, stray lines. */
  | { type: "diagnostic"; text: string };

/** What was used since the last such event of the task, never a total: all of them together are what the task has used. */
export interface TokenUsage {
  type: "usage";
  /** Read by the model, without what came from the provider's cache or was put there. */
  inputTokens: number;
  /** With what was thought. */
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  /** US dollars by the agent's own account; null when it gives none. */
  usd: number | null;
  /** `reported`: the agent says so of its turn. `summed`: added up from its model calls, of which some may be missing. */
  source: "reported" | "summed";
}

/** The task's branch in a worktree of its own. */
export interface Workspace {
  /** Makes (or finds) the task's worktree on its branch, off the base branch. Idempotent. `notes`: as in `BranchContent`. */
  prepare(signal: AbortSignal): Promise<{ path: string; base: Sha; head: Sha; notes: string[] }>;
  /** Commits what lies in the worktree, if anything, and says what the branch now holds against its base. Idempotent. */
  commit(message: CommitMessage, signal: AbortSignal): Promise<BranchContent>;
  /** The unified diff between two commits, with 10 lines around each change and renames found, as `git diff` prints it. Null: it is too large to be read. */
  diff(base: Sha, commit: Sha, signal: AbortSignal): Promise<string | null>;
  /** Puts files that git tracks back to what the branch holds; others stay. */
  restore(signal: AbortSignal): Promise<void>;
  /** Bytes of every file of a commit, by path. */
  sizes(commit: Sha, signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
  /** Makes the remote branch be `commit`, if it is `expected` now (null: absent). Looks first: what is there already is not pushed again. */
  push(commit: Sha, expected: Sha | null, signal: AbortSignal): Promise<PushResult>;
  /**
   * What the branch at `own` (null: nothing was pushed yet) and each of the others change alike, and where they conflict; what is not in the copy
   * here is left out. Without `own` their changes are told in whole. `tmp`: a private folder for what git writes meanwhile. Changes nothing.
   */
  meetings(
    own: Sha | null,
    others: readonly Sha[],
    tmp: string,
    signal: AbortSignal,
  ): Promise<Meeting[]>;
  /** Puts the branch on top of the newest base. Looks first, and leaves no half-done rebase. */
  rebase(signal: AbortSignal): Promise<RebaseResult>;
}

/** Where two branches meet. */
export interface Meeting {
  /** The newest commit of the other branch. */
  commit: Sha;
  /** Paths that both change, or stand in the way of each other; a rename changes two. */
  files: string[];
  /** Paths where git cannot merge the two by itself. */
  conflicts: string[];
}

export interface CommitMessage {
  subject: string;
  /** Trailers, such as `Ampx-Task`, in order. */
  trailers: [key: string, value: string][];
}

export interface BranchContent {
  head: Sha;
  /** The content of `head`: equal for commits that hold the same. */
  tree: Sha;
  /** The newest commit that the branch and its base have in common. */
  base: Sha;
  /** Paths that differ between `base` and `head`. Empty: the branch changes nothing. */
  files: string[];
  insertions: number;
  deletions: number;
  /** What lies in the worktree and was not committed, and why, in words. */
  leftOut: { path: string; reason: string }[];
  /** What an agent did to git beside its work, and what was put back, in words for people. */
  notes: string[];
}

export type PushResult =
  | { is: "pushed" }
  /** `moved`: the remote branch (`found`) is neither what was expected nor the commit. `declined`: it is as expected, and the remote did not take the push. */
  | { is: "rejected"; by: "moved" | "declined"; found: Sha | null; detail: string };

export type RebaseResult =
  /** `commit` contains `base`, the newest commit of the base branch. */
  | { is: "rebased"; commit: Sha; base: Sha }
  | { is: "conflict"; base: Sha; files: string[] }
  /** Nothing is left of the change: the base holds it already. The branch is as it was. */
  | { is: "empty"; base: Sha };

/** Judges commits. */
export interface Ci {
  /** It judges on other machines, and goes on when this worker ends. */
  readonly remote?: true;
  /** Looks, and starts CI of this commit where nothing else would. */
  verdict(sha: Sha, signal: AbortSignal): Promise<CiVerdict>;
  /** The logs of what failed, one per job, as files on disk. */
  failures(sha: Sha, signal: AbortSignal): Promise<{ job: string; file: string }[]>;
  /** Removes the copies of logs that `failures` made, which nobody has redacted, once they were read. Absent: it makes none. */
  forgetFailures?(sha: Sha): Promise<void>;
  /** Judges the commit anew, forgetting a verdict that is not `passed`. Does nothing while it is being judged. */
  rerun(sha: Sha, signal: AbortSignal): Promise<void>;
  /** Ends whatever still judges this commit, and waits until it is gone. */
  cancel(sha: Sha): Promise<void>;
}

/** The quick checks that a project wants before each push, such as a linter. */
export interface Preflight {
  /** Runs them one after the other in the worktree, up to the first that fails; leaves no process behind. */
  run(run: PreflightRun, signal: AbortSignal): Promise<PreflightVerdict>;
}

export interface PreflightRun {
  /** The worktree. */
  cwd: string;
  /** A private temporary folder, made by the caller and removed afterwards. */
  tmp: string;
  /** The environment marker of this task's processes. */
  mark: string;
  /** Where all that they print is kept, redacted. */
  logFile: string;
}

export type PreflightVerdict = { is: "passed" } | { is: "failed"; command: string };

/** Where changes are proposed and merged. */
export interface Forge {
  /** Finds the change of this branch or opens it, and keeps ampx's part of its text as told. */
  findOrOpenChange(sha: Sha, signal: AbortSignal, text: ChangeText): Promise<OpenedChange>;
  /** Moves the base branch from `expectedBase` to `sha` by fast-forward. Looks first: a merge that has happened is `merged`. */
  merge(sha: Sha, expectedBase: Sha, signal: AbortSignal): Promise<MergeResult>;
  /** Says `text` once to each of these comments on the open change; looks first what was said already. Absent: nobody comments there. */
  answer?(
    comments: readonly Pick<ReviewComment, "key" | "by" | "url">[],
    text: string,
    signal: AbortSignal,
  ): Promise<void>;
  /** Of a forge that may answer a merge with `queued`. */
  readonly later?: MergeLater;
}

/** Merges that the forge does by itself, when it can. */
export interface MergeLater {
  /**
   * What is to be done before it can be asked for. `nothing`: it has been merged. `merge`: the forge puts it on the newest base by itself, and has
   * that judged.
   */
  needs(sha: Sha, signal: AbortSignal): Promise<"nothing" | "merge" | "rebase">;
  /** Looks how far it is. `refused`: it will not come any more. */
  look(sha: Sha, signal: AbortSignal): Promise<MergeResult>;
  /** Takes the wish back, unless it has been met. Throws a `TransientError` while it can be neither. */
  withdraw(sha: Sha, signal: AbortSignal): Promise<{ is: "withdrawn" } | { is: "merged" }>;
}

export type OpenedChange =
  | { url: string }
  /** The branch is not at `sha`: somebody else has moved it to `found`, or deleted it (null). */
  | { found: Sha | null; reason: string };

export type MergeResult =
  | { is: "merged" }
  | { is: "base_moved"; base: Sha }
  /** The forge merges it by itself once that can be; `reason`: what it waits for. */
  | { is: "queued"; reason: string; lookAgainMs: Millis }
  /** Only a person can do it: says why, and the command that would. */
  | { is: "refused"; reason: string };

/** The issue that a task is for. */
export interface TaskIssue {
  /** Throws a `UserError` where there is no such issue. */
  read(signal: AbortSignal): Promise<{ title: string; text: string }>;
  /** Tells whoever follows it that the work begins: once, however often it is asked. Where the worker may not speak it is silent. */
  tellBegun(text: string, signal: AbortSignal): Promise<void>;
}

export interface Clock {
  now(): Instant;
  /** Milliseconds that the machine was awake since some moment: for durations, which neither sleep nor a corrected clock may stretch. */
  awake(): number;
  sleep(ms: Millis, signal: AbortSignal): Promise<void>;
}
