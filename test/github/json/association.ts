import type { Account } from "../account.ts";
import type { Repository } from "../repository.ts";
import { roleOf } from "../repository.ts";

/** What the author is to the repository. */
export function association(repository: Repository, author: Account): string {
  if (author.login === repository.owner.login) return "OWNER";
  if (author.type === "Bot") return "NONE";
  const role = roleOf(author, repository);
  return repository.collaborators.has(author.login) && role !== "read" ? "COLLABORATOR" : "NONE";
}
