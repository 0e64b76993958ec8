import type { Account, Role } from "../account.ts";
import { roleReaches } from "../account.ts";
import type { Repository } from "../repository.ts";
import { roleOf } from "../repository.ts";
import type { Access, Token } from "../token.ts";
import type { Actor } from "./call.ts";
import { notFound, Refusal } from "./refusal.ts";

/** What the one who asks may do at all in the repository, be it by fewer permissions. */
export function roleOfActor(actor: Actor, repository: Repository): Role {
  const outside: Role = repository.private ? "none" : "read";
  if (actor.is !== "token") return outside;
  const { token } = actor;
  const { kind, repositories, installation, scopes } = token;
  const isNamed = repositories === "all" || repositories.includes(repository.id);
  if (installation !== undefined) {
    const isOwners = installation.account.login === repository.owner.login;
    return isNamed && isOwners ? "admin" : outside;
  }
  if (!isNamed) return outside;
  if (kind === "classic" || kind === "oauth") {
    const reaches =
      scopes.includes("repo") || (!repository.private && scopes.includes("public_repo"));
    if (!reaches) return outside;
  }
  return roleOf(token.account, repository);
}

/** Throws 404 where the repository is not visible, 403 where what is needed is not permitted. */
export function authorize(actor: Actor, repository: Repository, needs: string): Account {
  const role = roleOfActor(actor, repository);
  if (role === "none") throw notFound();
  const permitted = needs.split("; ").some((need) => {
    const [permission, access] = need.split("=") as [string, Access];
    const reading = access === "read" && permission !== "administration";
    if (actor.is !== "token") return reading;
    const { token } = actor;
    if (reading && !repository.private && token.kind !== "fine-grained") return true;
    return holds(token, permission, access) && roleReaches(role, roleFor(permission, access));
  });
  if (!permitted) throw refused(actor, needs);
  return actor.is === "token" ? actor.token.account : nobody;
}

/** Classic tokens reach everything by their scopes; every other has what it was given, and may see what exists. */
export function holds(token: Token, permission: string, access: Access): boolean {
  if (token.kind === "classic" || token.kind === "oauth") return true;
  if (permission === "metadata") return access === "read";
  const given = token.permissions[permission];
  return given === access || given === "admin" || (given === "write" && access === "read");
}

function roleFor(permission: string, access: Access): Role {
  if (permission === "administration") return "admin";
  return access === "read" ? "read" : "write";
}

function refused(actor: Actor, needs: string): Refusal {
  if (actor.is === "nobody") return new Refusal(401, "Requires authentication");
  const isApp = actor.is === "app" || actor.token.installation !== undefined;
  return new Refusal(
    403,
    `Resource not accessible by ${isApp ? "integration" : "personal access token"}`,
    { headers: { "x-accepted-github-permissions": needs } },
  );
}

const nobody: Account = { id: 0, login: "nobody", type: "User" };
