import { createHmac, randomUUID } from "node:crypto";
import type { Account } from "./account.ts";
import type { Job, Run } from "./actions/run.ts";
import type { CheckRun } from "./check.ts";
import { accountJson } from "./json/account.ts";
import { jobJson, runJson, workflowJson } from "./json/actions.ts";
import { checkRunJson } from "./json/check.ts";
import { repositoryJson } from "./json/repository.ts";
import type { Site } from "./json/site.ts";
import { nodeId } from "./json/site.ts";
import type { Repository } from "./repository.ts";
import type { Installation } from "./token.ts";

/** What a hook is told of. */
export interface WebhookEvent {
  /** Such as `workflow_run`. */
  readonly name: string;
  readonly repository: Repository;
  readonly sender: Account;
  payload(site: Site): Record<string, unknown>;
}

export interface Hook {
  readonly url: string;
  readonly secret: string;
  /** Names of events; all by default. */
  readonly events?: readonly string[];
}

export interface Delivery {
  readonly guid: string;
  readonly event: string;
  readonly action: string | undefined;
  readonly body: string;
  /** Of the receiver; 0 when it could not be reached. GitHub does not try again. */
  readonly status: number;
}

export function runEvent(repository: Repository, run: Run, action: string): WebhookEvent {
  return {
    name: "workflow_run",
    repository,
    sender: run.actor,
    payload: (site) => ({
      action,
      workflow_run: runJson(site, repository, run),
      workflow: workflowJson(site, repository, run.workflow),
    }),
  };
}

export function jobEvent(repository: Repository, run: Run, job: Job, action: string): WebhookEvent {
  return {
    name: "workflow_job",
    repository,
    sender: run.actor,
    payload: (site) => ({ action, workflow_job: jobJson(site, repository, run, job) }),
  };
}

export function checkRunEvent(
  repository: Repository,
  check: CheckRun,
  sender: Account,
  action: string,
): WebhookEvent {
  return {
    name: "check_run",
    repository,
    sender,
    payload: (site) => ({ action, check_run: checkRunJson(site, repository, check) }),
  };
}

/** The body is made at once, so that it shows the state of that moment. */
export function webhookBody(
  site: Site,
  event: WebhookEvent,
  installation: Installation | undefined,
): string {
  return JSON.stringify({
    ...event.payload(site),
    repository: repositoryJson(site, event.repository, "admin"),
    sender: accountJson(site, event.sender),
    ...(installation !== undefined && {
      installation: { id: installation.id, node_id: nodeId("I", installation.id) },
    }),
  });
}

/** One try, as GitHub does. */
export async function deliver(
  { url, secret }: Hook,
  event: string,
  body: string,
  signal: AbortSignal,
  guid: string = randomUUID(),
): Promise<Delivery> {
  const { action } = JSON.parse(body) as { action?: string };
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/044aadd",
      "x-github-event": event,
      "x-github-delivery": guid,
      "x-github-hook-id": "1",
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
      connection: "close",
    },
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  }).catch(() => undefined); // A receiver that is away is its own business: 0 in the list of deliveries says so.
  await response?.body?.cancel();
  return { guid, event, action, body, status: response?.status ?? 0 };
}
