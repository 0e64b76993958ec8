import type { Millis } from "@ampx/core";
import { Permission } from "../answers/index.ts";
import { GitHubRefusal } from "../refusal.ts";
import { repositoryPath } from "../repository-path.ts";
import type { InboxScope } from "./watch.ts";

/** How long somebody who was let in or shut out may count as before. */
const freshMs: Millis = 5 * 60_000;

/**
 * Whether somebody may push to the repository. Never by what a comment says of its author: an `OWNER` or `MEMBER` may be shut out of this
 * repository. Throws where the worker may not ask.
 */
export async function mayWrite(
  { connected, repository }: Pick<InboxScope, "connected" | "repository">,
  login: string,
  signal: AbortSignal,
): Promise<boolean> {
  const path = `${repositoryPath(repository)}/collaborators/${encodeURIComponent(login)}/permission`;
  try {
    const call = { repository, signal, freshMs };
    const { permission } = await connected.client.get(path, Permission, call);
    // `maintain` is told as `write`, and `triage` as `read`.
    return ["admin", "maintain", "write"].includes(permission);
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) return false;
    throw error;
  }
}
