import type { Role } from "../account.ts";
import { rerun } from "../actions/rerun.ts";
import { cancelRun } from "../actions/run-jobs.ts";
import type { Run } from "../actions/run.ts";
import type { CheckRun, CommitStatus } from "../check.ts";
import { branchSha, fileAt } from "../git/commit-facts.ts";
import { git } from "../git/git.ts";
import { pushed, refsOf } from "../git/pushed.ts";
import type { Issue, MergeMethod } from "../issue.ts";
import { mergePull } from "../pulls/merge.ts";
import { newIssue } from "../pulls/new-issue.ts";
import { openPull } from "../pulls/open-pull.ts";
import { pullEvent } from "../pulls/pull-event.ts";
import { closePull } from "../pulls/synchronize.ts";
import { addComment, addLabels, addReview, removeLabel } from "../pulls/talk.ts";
import type { MergeSettings, Protection, Repository, Ruleset } from "../repository.ts";
import { fullName } from "../repository.ts";
import { checkRunEvent } from "../webhooks.ts";
import type { World } from "../world.ts";
import { accountNamed } from "../world.ts";
import type { Files } from "./commit-files.ts";
import { commitFiles } from "./commit-files.ts";

/** What people do in a repository, and what one can see in it. `by` is a login, by default the owner's. */
export interface RepositoryHandle {
  readonly id: number;
  readonly fullName: string;
  /** The bare repository itself, as ssh would reach it: what is pushed there runs nothing. */
  readonly folder: string;
  /** Over HTTP; the credentials are the caller's. */
  readonly cloneUrl: string;
  /** Commits and pushes; `from` another branch or commit than its own forces. Returns the commit. */
  commit(
    branch: string,
    files: Files,
    options?: { message?: string; by?: string; from?: string },
  ): Promise<string>;
  /** Undefined where there is no such branch. */
  sha(branch: string): Promise<string | undefined>;
  /** Undefined where the commit or branch has no such file. */
  read(revision: string, path: string): Promise<string | undefined>;
  branches(): Promise<string[]>;
  deleteBranch(branch: string): Promise<void>;
  /** The old name keeps leading here. */
  rename(name: string): void;
  /** Makes the branch if need be, from the old default. */
  setDefaultBranch(branch: string): Promise<void>;
  /** As in the settings, which is no push: pull requests onto it follow, the default does, and the old name leads there over REST. */
  renameBranch(from: string, to: string): Promise<void>;
  archive(isArchived?: boolean): void;
  /** It answers 404 from then on, to everybody. */
  delete(): void;
  setPrivate(isPrivate: boolean): void;
  settings(change: Partial<MergeSettings>): void;
  /** From now on `mergeable` is null for a while after each change of a pull request, as at GitHub. */
  slowMergeability(ms: number): void;
  collaborator(login: string, role: Role): void;
  protect(branch: string, protection: Partial<Protection>): void;
  addRuleset(ruleset: Partial<Ruleset> & Pick<Ruleset, "branches">): void;
  disableActions(): void;
  disableWorkflow(path: string): void;
  /** Of all commits, or of one; also those that the listings hide. Oldest first. */
  runs(sha?: string): readonly Run[];
  rerun(runId: number, which?: "all" | "failed", by?: string): Promise<void>;
  cancel(runId: number): void;
  /** Answered 404 from then on. */
  deleteLogs(runId: number): void;
  /** Answered 410 from then on. */
  expireLogs(runId: number): void;
  /** By a program that is no workflow. */
  status(sha: string, state: CommitStatus["state"], context: string): void;
  checkRun(sha: string, name: string, change?: Partial<CheckRun>): CheckRun;
  issues(): readonly Issue[];
  issue(number: number): Issue;
  openIssue(title: string, options?: { body?: string; by?: string; labels?: string[] }): Issue;
  openPull(
    head: string,
    options?: { title?: string; body?: string; base?: string; draft?: boolean; by?: string },
  ): Promise<Issue>;
  comment(number: number, body: string, by?: string): number;
  label(number: number, label: string, by?: string): void;
  unlabel(number: number, label: string, by?: string): void;
  /** Returns its id. */
  review(
    number: number,
    given: {
      by: string;
      state?: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED";
      body?: string;
      comments?: readonly { path: string; line?: number; body: string }[];
    },
  ): number;
  close(number: number, by?: string): void;
  reopen(number: number, by?: string): void;
  merge(number: number, method?: MergeMethod, by?: string): Promise<string>;
}

export function repositoryHandle(
  world: World,
  repository: Repository,
  origin: () => string,
): RepositoryHandle {
  const now = () => world.schedule.now();
  const person = (login = repository.owner.login) => accountNamed(world, login);
  const runOf = (id: number) =>
    found(
      repository.runs.find((run) => run.id === id),
      `run ${id}`,
    );
  const issueOf = (number: number) =>
    found(
      repository.issues.find((one) => one.number === number),
      `#${number}`,
    );

  return {
    id: repository.id,
    folder: repository.folder,
    get fullName() {
      return fullName(repository);
    },
    get cloneUrl() {
      return `${origin()}/${fullName(repository)}.git`;
    },
    commit: (branch, files, { message = "A person's commit", by, from } = {}) =>
      commitFiles(world, repository, {
        branch,
        files,
        message,
        by: person(by),
        ...(from !== undefined && { from }),
      }),
    sha: (branch) => branchSha(repository, branch),
    read: (revision, path) => fileAt(repository, revision, path),
    branches: async () =>
      [...(await refsOf(repository)).keys()].flatMap(
        (ref) => /^refs\/heads\/(.+)/.exec(ref)?.[1] ?? [],
      ),
    async deleteBranch(branch) {
      const before = await refsOf(repository);
      await git(repository, ["update-ref", "-d", `refs/heads/${branch}`]);
      await pushed(world, repository, before, person());
    },
    rename(name) {
      repository.formerNames.push(fullName(repository));
      repository.name = name;
    },
    async setDefaultBranch(branch) {
      if ((await branchSha(repository, branch)) === undefined)
        await git(repository, [
          "update-ref",
          `refs/heads/${branch}`,
          `refs/heads/${repository.defaultBranch}`,
        ]);
      await git(repository, ["symbolic-ref", "HEAD", `refs/heads/${branch}`]);
      repository.defaultBranch = branch;
    },
    async renameBranch(from, to) {
      await git(repository, ["branch", "-m", from, to]);
      repository.renamedBranches.set(from, to);
      for (const { pull } of repository.issues) if (pull?.base === from) pull.base = to;
      if (repository.defaultBranch === from) repository.defaultBranch = to;
    },
    archive(isArchived = true) {
      repository.archived = isArchived;
    },
    delete() {
      world.repositories.splice(world.repositories.indexOf(repository), 1);
    },
    setPrivate(isPrivate) {
      repository.private = isPrivate;
    },
    settings(change) {
      Object.assign(repository.settings, change);
    },
    slowMergeability(ms) {
      repository.mergeabilityMs = ms;
    },
    collaborator(login, role) {
      repository.collaborators.set(person(login).login, role);
    },
    protect(branch, { contexts = [], strict = false, approvals = 0, pullRequestsOnly = false }) {
      repository.protection.set(branch, { contexts, strict, approvals, pullRequestsOnly });
    },
    addRuleset(given) {
      const fallback = { contexts: [], strict: false, mergeQueue: false, pullRequestsOnly: false };
      repository.rulesets.push({ id: world.nextId(), name: "rules", ...fallback, ...given });
    },
    disableActions() {
      repository.actionsEnabled = false;
    },
    disableWorkflow(path) {
      found(
        repository.workflows.find((one) => one.path === path),
        path,
      ).state = "disabled_manually";
    },
    runs: (sha) => repository.runs.filter((run) => sha === undefined || run.sha === sha),
    rerun: (id, which = "all", by) => rerun(world, repository, runOf(id), person(by), which, now()),
    cancel: (id) => cancelRun(world, repository, runOf(id), now()),
    deleteLogs(id) {
      runOf(id).logs = "deleted";
    },
    expireLogs(id) {
      runOf(id).logs = "expired";
    },
    status(sha, state, context) {
      repository.statuses.push({
        id: world.nextId(),
        sha,
        state,
        context,
        creator: person(),
        createdAt: now(),
        description: undefined,
        targetUrl: undefined,
      });
      const payload = () => ({ sha, state, context, branches: [] });
      world.emit({ name: "status", repository, sender: person(), payload });
    },
    checkRun(sha, name, change = {}) {
      const known = repository.checkRuns.find((one) => one.sha === sha && one.name === name);
      if (known !== undefined) {
        Object.assign(known, change);
        world.emit(checkRunEvent(repository, known, person(), "completed"));
        return known;
      }
      const check: CheckRun = {
        id: world.nextId(),
        name,
        sha,
        suiteId: world.nextId(),
        externalId: "",
        annotations: [],
        status: "completed",
        conclusion: "success",
        startedAt: now(),
        completedAt: now(),
        detailsUrl: undefined,
        output: { title: undefined, summary: undefined, text: undefined },
        app: { ...otherApp, owner: repository.owner },
        ...change,
      };
      repository.checkRuns.push(check);
      world.emit(checkRunEvent(repository, check, person(), "created"));
      return check;
    },
    issues: () => repository.issues,
    issue: issueOf,
    openIssue(title, { body, by, labels = [] } = {}) {
      const issue = newIssue(world, repository, person(by), title, body, undefined, now());
      addLabels(world, repository, issue, labels, person(by));
      return issue;
    },
    openPull: (
      head,
      { title = head, body, base = repository.defaultBranch, draft = false, by } = {},
    ) => openPull(world, repository, person(by), { title, body, head, base, draft }, now()),
    comment: (number, body, by) =>
      addComment(world, repository, issueOf(number), person(by), body, now()).id,
    label: (number, label, by) =>
      addLabels(world, repository, issueOf(number), [label], person(by)),
    unlabel: (number, label, by) => removeLabel(world, issueOf(number), label, person(by)),
    review(number, { by, state = "COMMENTED", body = "", comments = [] }) {
      const issue = issueOf(number);
      const pull = found(issue.pull, `pull request #${number}`);
      const given = { author: person(by), body, state };
      return addReview(world, repository, issue, pull, given, comments, now()).id;
    },
    close: (number, by) => closePull(world, repository, issueOf(number), person(by), now()),
    reopen(number, by) {
      const issue = issueOf(number);
      issue.state = "open";
      issue.closedAt = undefined;
      world.emit(pullEvent(repository, issue, person(by), "reopened"));
    },
    merge: (number, method = "merge", by) => {
      const merge = { method, sha: undefined, title: undefined, message: undefined };
      return mergePull(world, repository, issueOf(number), person(by), merge, now());
    },
  };
}

/** Whose check runs a test makes by hand. */
const otherApp = {
  id: 67,
  slug: "other-ci",
  name: "Other CI",
  clientId: "Iv1.other",
  createdAt: Date.UTC(2020, 0, 1),
  permissions: { checks: "write" } as const,
};

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`There is no ${what}`);
  return value;
}
