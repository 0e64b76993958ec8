export {
  parseGitHubAddress,
  repositoryKey,
  type GitHubAddress,
  type RepositoryName,
} from "./address.ts";
export { changeText, withBlock, type ChangeText } from "./change-text.ts";
export { commandOf, type Command } from "./command.ts";
export { hiddenMark, isOfAmpx } from "./hidden-mark.ts";
export { issueBegunText, type IssueLink } from "./issue-text.ts";
export { issueTitle } from "./issue-title.ts";
export { issueUrl } from "./issue-url.ts";
export { newestRuns } from "./newest-runs.ts";
export { explainNoRun, type NoRun, type Unseen } from "./no-run.ts";
export { reviewAnswer } from "./review-answer.ts";
export type { CheckRun, CommitStatus, RequiredCheck, WorkflowRun } from "./rows.ts";
export { githubVerdict, type CommitRows, type GitHubVerdict } from "./verdict.ts";
export { webhookEvents, webhookNews, type WebhookNews } from "./webhook-news.ts";
