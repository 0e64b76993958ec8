import type { Account } from "../account.ts";
import type { Issue } from "../issue.ts";
import { pullJson } from "../json/pull.ts";
import type { Repository } from "../repository.ts";
import type { WebhookEvent } from "../webhooks.ts";

export function pullEvent(
  repository: Repository,
  issue: Issue,
  sender: Account,
  action: string,
): WebhookEvent {
  return {
    name: "pull_request",
    repository,
    sender,
    payload: (site) => ({
      action,
      number: issue.number,
      pull_request: pullJson(site, repository, issue),
    }),
  };
}
