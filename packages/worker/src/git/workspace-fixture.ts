import { bareCopyOf } from "./bare-copy.ts";
import type { RepositoryFixture } from "./fixture.ts";
import { resolveRepository } from "./repository.ts";
import { gitWorkspace, type GitWorkspace, type GitWorkspaceOptions } from "./workspace.ts";

export interface TaskFixture {
  workspace: GitWorkspace;
  /** The worktree. */
  path: string;
  copyDir: string;
  adminDir: string;
  signal: AbortSignal;
  /** Commits what lies in the worktree. */
  commit(subject?: string): ReturnType<GitWorkspace["commit"]>;
}

/** For tests: the workspace of one task on a repository. Not prepared yet. */
export async function taskOn(
  repo: RepositoryFixture,
  number = 1,
  options: Partial<GitWorkspaceOptions> = {},
): Promise<TaskFixture> {
  const repository = await resolveRepository(repo.path, { cwd: repo.root });
  const taskId = `01JD${"0".repeat(20)}${String(number).padStart(2, "0")}`;
  const workspace = gitWorkspace({
    home: repo.home,
    repository,
    taskId,
    base: "main",
    branch: `amp/task-${number}`,
    pushed: null,
    identity: { name: "ampx bot", email: "bot@example.org" },
    mark: `mark-${number}`,
    ...options,
  });
  const copyDir = bareCopyOf(repo.home, repository).dir;
  const signal = AbortSignal.timeout(60_000);
  return {
    workspace,
    path: workspace.path,
    copyDir,
    adminDir: `${copyDir}/worktrees/${taskId}`,
    signal,
    commit: (subject = "Work") =>
      workspace.commit({ subject, trailers: [["Ampx-Task", taskId]] }, signal),
  };
}
