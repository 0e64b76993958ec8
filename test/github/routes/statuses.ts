import type { CommitStatus } from "../check.ts";
import { commitFacts } from "../git/commit-facts.ts";
import type { RepositoryCall } from "../http/call.ts";
import { param, requiredText, text } from "../http/call.ts";
import { page } from "../http/page.ts";
import { Refusal, validationFailed } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import { repositoryRoute } from "../http/route.ts";
import { accountJson } from "../json/account.ts";
import { statusJson } from "../json/check.ts";
import { minimalRepositoryJson } from "../json/repository.ts";
import { fullName } from "../repository.ts";
import { shaOf } from "./commit-sha.ts";

/** Statuses of a commit. */
export const statusRoutes: Route[] = [
  repositoryRoute("GET /commits/{ref}/status", "statuses=read", async (call) => {
    const { site, repository } = call;
    const sha = await shaOf(call);
    const newest = latestStatuses(repository.statuses.filter((one) => one.sha === sha));
    const { items, headers } = page(call, newest);
    const url = `${site.api}/repos/${fullName(repository)}/commits/${sha}`;
    return {
      body: {
        state: combined(newest),
        statuses: items.map((one) => statusJson(site, repository, one)),
        sha,
        total_count: newest.length,
        repository: minimalRepositoryJson(site, repository),
        commit_url: url,
        url: `${url}/status`,
      },
      headers,
    };
  }),
  repositoryRoute("GET /commits/{ref}/statuses", "statuses=read", async (call) => {
    const { site, repository } = call;
    const sha = await shaOf(call);
    const { items, headers } = page(
      call,
      repository.statuses.filter((one) => one.sha === sha).toReversed(),
    );
    return {
      body: items.map((one) => withCreator(call, one, statusJson(site, repository, one))),
      headers,
    };
  }),
  repositoryRoute("POST /statuses/{sha}", "statuses=write", async (call) => {
    const { world, repository, account, site, now } = call;
    const sha = param(call, "sha");
    if ((await commitFacts(repository, sha)) === undefined)
      throw new Refusal(422, `No commit found for SHA: ${sha}`);
    const state = requiredText(call, "state");
    if (!isState(state))
      throw validationFailed({ resource: "Status", code: "custom", field: "state" });
    const status: CommitStatus = {
      id: world.nextId(),
      sha,
      state,
      creator: account,
      createdAt: now,
      context: text(call, "context") ?? "default",
      description: text(call, "description"),
      targetUrl: text(call, "target_url"),
    };
    repository.statuses.push(status);
    world.emit({
      name: "status",
      repository,
      sender: account,
      payload: () => ({ id: status.id, sha, state, context: status.context, branches: [] }),
    });
    return { status: 201, body: withCreator(call, status, statusJson(site, repository, status)) };
  }),
];

function latestStatuses(statuses: readonly CommitStatus[]): CommitStatus[] {
  return [...new Map(statuses.map((one) => [one.context, one])).values()];
}

/** Without any status it is pending. */
function combined(statuses: readonly CommitStatus[]): string {
  const states = new Set(statuses.map(({ state }) => state));
  if (states.has("failure") || states.has("error")) return "failure";
  return states.has("pending") || states.size === 0 ? "pending" : "success";
}

function isState(state: string): state is CommitStatus["state"] {
  return ["error", "failure", "pending", "success"].includes(state);
}

function withCreator<T>({ site }: RepositoryCall, { creator }: CommitStatus, json: T) {
  return { ...json, creator: accountJson(site, creator) };
}
