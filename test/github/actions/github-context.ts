import type { Repository } from "../repository.ts";
import { fullName } from "../repository.ts";
import type { Run } from "./run.ts";

/** What `${{ github.… }}` and the contexts that are empty here read. */
export function githubContext(repository: Repository, run: Run): Record<string, unknown> {
  const issue = repository.issues.find(({ number }) => number === run.pullNumber);
  return {
    github: {
      event_name: run.event,
      ref: run.ref,
      ref_name: run.ref.replace(/^refs\/(?:heads|tags|pull)\//, ""),
      head_ref: issue?.pull?.headBranch ?? "",
      base_ref: issue?.pull?.base ?? "",
      sha: run.event === "pull_request" ? (issue?.pull?.mergeSha ?? run.sha) : run.sha,
      repository: fullName(repository),
      repository_owner: repository.owner.login,
      actor: run.actor.login,
      workflow: run.workflow.name,
      run_id: String(run.id),
      run_number: String(run.number),
      run_attempt: String(run.attempts.length),
      event:
        issue === undefined
          ? {}
          : {
              pull_request: { number: issue.number, draft: issue.pull?.draft },
              number: issue.number,
            },
    },
    runner: { os: "Linux", arch: "X64" },
    vars: {},
    secrets: {},
    inputs: {},
    env: {},
    steps: {},
    job: {},
    strategy: {},
  };
}
