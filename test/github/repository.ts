import type { Account, Role } from "./account.ts";
import type { Run, Workflow } from "./actions/run.ts";
import type { CheckRun, CommitStatus } from "./check.ts";
import type { Issue, Label } from "./issue.ts";

/** A repository: its git data lie in the bare repository `folder`, all else here. */
export interface Repository {
  readonly id: number;
  readonly owner: Account;
  name: string;
  readonly folder: string;
  private: boolean;
  archived: boolean;
  readonly fork: boolean;
  description: string | undefined;
  defaultBranch: string;
  /** New names by old ones. */
  readonly renamedBranches: Map<string, string>;
  readonly createdAt: number;
  pushedAt: number;
  /** Full names that lead here, by a redirection. */
  readonly formerNames: string[];
  readonly collaborators: Map<string, Role>;
  readonly settings: MergeSettings;
  actionsEnabled: boolean;
  /** From a change of a pull request until it is known whether it merges. */
  mergeabilityMs: number;
  /** By branch. */
  readonly protection: Map<string, Protection>;
  readonly rulesets: Ruleset[];
  readonly workflows: Workflow[];
  readonly runs: Run[];
  /** Those of programs other than Actions. */
  readonly checkRuns: CheckRun[];
  readonly statuses: CommitStatus[];
  /** Pull requests are issues with a `pull`. */
  readonly issues: Issue[];
  readonly labels: Label[];
  /** Whoever must come before: pushes and merges one after the other. */
  busy: Promise<unknown>;
}

export interface MergeSettings {
  allowMergeCommit: boolean;
  allowSquashMerge: boolean;
  allowRebaseMerge: boolean;
  allowAutoMerge: boolean;
  allowUpdateBranch: boolean;
  deleteBranchOnMerge: boolean;
}

/** Classic protection of a branch. */
export interface Protection {
  /** Names of checks and statuses that must have passed. */
  contexts: readonly string[];
  /** The branch must be up to date with its base. */
  strict: boolean;
  approvals: number;
  /** Nobody pushes to it; only pull requests change it. */
  pullRequestsOnly: boolean;
}

/** Of the rulesets: what they require of the branches they name. */
export interface Ruleset {
  readonly id: number;
  readonly name: string;
  readonly branches: readonly string[];
  readonly contexts: readonly { context: string; appId?: number }[];
  readonly strict: boolean;
  readonly mergeQueue: boolean;
  readonly pullRequestsOnly: boolean;
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

/** What the account may do there. */
export function roleOf(account: Account, repository: Repository): Role {
  if (account.login === repository.owner.login) return "admin";
  const given = repository.collaborators.get(account.login);
  return given ?? (repository.private ? "none" : "read");
}

/** What is required of checks on this branch, from rulesets and classic protection. */
export function rulesOf(repository: Repository, branch: string): Ruleset[] {
  return repository.rulesets.filter(({ branches }) => branches.includes(branch));
}
