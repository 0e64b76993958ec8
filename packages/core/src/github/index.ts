export { changeText, withBlock, type ChangeText } from "./change-text.ts";
export { newestRuns } from "./newest-runs.ts";
export { explainNoRun, type NoRun, type Unseen } from "./no-run.ts";
export type { CheckRun, CommitStatus, RequiredCheck, WorkflowRun } from "./rows.ts";
export { githubVerdict, type CommitRows, type GitHubVerdict } from "./verdict.ts";
