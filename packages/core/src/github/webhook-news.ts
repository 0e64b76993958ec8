import { z } from "zod";
import { Sha } from "../scalars.ts";
import { repositoryKey } from "./address.ts";

/** What webhooks are worth being sent. */
export const webhookEvents = [
  "workflow_run",
  "check_run",
  "status",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "issue_comment",
  "issues",
] as const;

/** Where a webhook says that something happened, and which tasks it may be news for: those of these commits or branches. None are worth a look where both are empty. */
export interface WebhookNews {
  /** As `repositoryKey` gives it. */
  repository: string;
  /** The site that the repository is on. */
  web: string;
  shas: Sha[];
  branches: string[];
  /** It is about a workflow run, of whatever commit. */
  runs: boolean;
  /** People have said or done something that the inbox is for. */
  words: boolean;
}

/**
 * Reads what a webhook tells, as little as is needed; null when it is about no repository. Only ends are news (a run, a check of another app, a
 * status, a pull request): what begins or goes on changes no verdict, and each look may cost a request. The checks and jobs of Actions end
 * with their run.
 */
export function webhookNews(event: string, payload: unknown): WebhookNews | null {
  const about = AboutRepository.safeParse(payload);
  if (!about.success) return null;
  const { html_url: url, full_name: fullName } = about.data.repository;
  const [owner = "", name = ""] = fullName.split("/");
  const web = new URL(url).origin;
  const end = endOf(event, payload);
  const words = isWords(event, payload);
  return {
    repository: repositoryKey(web, { owner, name }),
    web,
    ...end,
    runs: event === "workflow_run",
    words,
  };
}

function endOf(event: string, payload: unknown): Pick<WebhookNews, "shas" | "branches"> {
  switch (event) {
    case "workflow_run": {
      const { data } = RunEnded.safeParse(payload);
      return data === undefined ? nothing : { shas: [data.workflow_run.head_sha], branches: [] };
    }
    case "check_run": {
      const { data } = CheckEnded.safeParse(payload);
      if (data === undefined || data.check_run.app?.slug === "github-actions") return nothing;
      return { shas: [data.check_run.head_sha], branches: [] };
    }
    case "status": {
      const { data } = StatusSet.safeParse(payload);
      return data === undefined || data.state === "pending"
        ? nothing
        : { shas: [data.sha], branches: [] };
    }
    case "pull_request": {
      const { data } = PullChanged.safeParse(payload);
      if (data === undefined) return nothing;
      const { sha, ref } = data.pull_request.head;
      return { shas: [sha], branches: [ref] };
    }
    default:
      return nothing;
  }
}

function isWords(event: string, payload: unknown): boolean {
  const { data } = Acted.safeParse(payload);
  return data !== undefined && wordsOf.get(event)?.includes(data.action) === true;
}

const wordsOf = new Map([
  ["pull_request", ["closed", "reopened"]],
  ["pull_request_review", ["submitted", "dismissed"]],
  ["pull_request_review_comment", ["created", "edited"]],
  ["issue_comment", ["created", "edited"]],
  ["issues", ["labeled"]],
]);

const nothing = { shas: [], branches: [] };

const AboutRepository = z.object({
  repository: z.object({
    full_name: z.string().regex(/^[^/\s]+\/[^/\s]+$/),
    html_url: z.url({ protocol: /^https?$/ }),
  }),
});

const Acted = z.object({ action: z.string() });

const RunEnded = z.object({
  action: z.literal("completed"),
  workflow_run: z.object({ head_sha: Sha }),
});

const CheckEnded = z.object({
  action: z.literal("completed"),
  check_run: z.object({ head_sha: Sha, app: z.object({ slug: z.string() }).nullish() }),
});

const StatusSet = z.object({ state: z.string(), sha: Sha });

const PullChanged = z.object({
  action: z.enum(["closed", "reopened", "enqueued", "dequeued", "auto_merge_disabled"]),
  pull_request: z.object({ head: z.object({ sha: Sha, ref: z.string() }) }),
});
