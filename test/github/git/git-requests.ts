import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { roleReaches } from "../account.ts";
import { authenticate } from "../http/authenticate.ts";
import { holds, roleOfActor } from "../http/authorize.ts";
import type { Actor } from "../http/call.ts";
import type { Fault } from "../http/faults.ts";
import { Refusal } from "../http/refusal.ts";
import type { LoggedRequest } from "../http/request-log.ts";
import { send } from "../http/send.ts";
import { fullName, type Repository } from "../repository.ts";
import type { World } from "../world.ts";
import { repositoryNamed } from "../world.ts";
import { pushed, refsOf } from "./pushed.ts";
import { serveGit } from "./smart-http.ts";
import { inTurn } from "./turn.ts";

/** `/owner/name.git/info/refs` and the like. */
export const gitPath =
  /^\/(?<owner>[^/]+)\/(?<name>[^/]+?)(?:\.git)?(?<rest>\/(?:info\/refs|git-upload-pack|git-receive-pack))$/;

/**
 * Serves clone, fetch and push, for whom the token lets. Throws a `Refusal` otherwise. A fault hits a push after its
 * effect, and nothing else.
 */
export async function answerGit(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  logged: LoggedRequest,
  fault: Fault | undefined,
): Promise<number | undefined> {
  const { owner = "", name = "", rest = "" } = gitPath.exec(url.pathname)?.groups ?? {};
  const pushes =
    rest === "/git-receive-pack" || url.searchParams.get("service") === "git-receive-pack";
  const actor = whoAsks(world, request.headers.authorization);
  logged.by = actor.is === "token" ? actor.token.account.login : undefined;
  const found = repositoryNamed(world, `${owner}/${name}`);
  const repository = found ?? formerly(world, `${owner}/${name}`);
  permit(actor, repository, pushes);
  if (found === undefined && request.method === "GET") {
    const location = `/${fullName(repository)}.git${rest}${url.search}`;
    response.writeHead(301, { location }).end();
    return 301;
  }

  const backend = {
    folder: join(repository.folder, ".."),
    pathInfo: `/${String(repository.id)}.git${rest}`,
    query: url.search.slice(1),
    user: logged.by ?? "",
    env: pushes ? refusalsOf(actor, repository) : {},
  };
  if (rest !== "/git-receive-pack") return serveGit(request, response, backend);

  // One push after the other: what it changed is what lies between two looks at the refs.
  return inTurn(repository, async () => {
    const before = await refsOf(repository);
    const by = actor.is === "token" ? actor.token : undefined;
    let status: number | undefined;
    const served = await serveGit(request, response, backend, async () => {
      await pushed(world, repository, before, by);
      if (fault === undefined) return true;
      status = send(response, { status: 500, headers: {}, body: "" }, fault);
      return false;
    });
    return fault === undefined ? served : status;
  });
}

function whoAsks(world: World, authorization: string | undefined): Actor {
  try {
    return authenticate(world, authorization);
  } catch (error) {
    if (error instanceof Refusal) throw loginFirst("Invalid username or token.");
    throw error;
  }
}

function formerly(world: World, name: string): Repository {
  const former = world.repositories.find(({ formerNames }) => formerNames.includes(name));
  if (former === undefined) throw loginFirst("Repository not found.");
  return former;
}

function permit(actor: Actor, repository: Repository, pushes: boolean): void {
  const role = roleOfActor(actor, repository);
  const isNobody = actor.is !== "token";
  if (role === "none" || (pushes && isNobody))
    throw isNobody ? loginFirst("Repository not found.") : missing();
  if (isNobody) return;
  const login = actor.token.account.login;
  const holdsContents = holds(actor.token, "contents", pushes ? "write" : "read");
  if (!holdsContents && (pushes || repository.private)) throw denied(repository, login);
  if (!pushes) return;
  if (!roleReaches(role, "write")) throw denied(repository, login);
  if (repository.archived)
    throw new Refusal(403, "This repository was archived so it is read-only.");
}

/** What the hook of the repository is to refuse, told by its environment. */
function refusalsOf(actor: Actor, repository: Repository): Record<string, string> {
  if (actor.is !== "token") return {};
  const { kind, scopes } = actor.token;
  const byScope = kind === "classic" || kind === "oauth";
  const mayWorkflows = byScope
    ? scopes.includes("workflow")
    : holds(actor.token, "workflows", "write");
  const who =
    kind === "oauth" ? "an OAuth App" : byScope ? "a Personal Access Token" : "a GitHub App";
  const without = byScope ? "`workflow` scope" : "`workflows` permission";
  const locked = [
    ...[...repository.protection]
      .filter(([, { pullRequestsOnly }]) => pullRequestsOnly)
      .map(([branch]) => branch),
    ...repository.rulesets
      .filter((one) => one.pullRequestsOnly)
      .flatMap(({ branches }) => branches),
  ];
  const asks = !mayWorkflows || locked.length > 0;
  return {
    ...(asks && {
      GIT_CONFIG_COUNT: "2",
      GIT_CONFIG_KEY_0: "receive.procReceiveRefs",
      GIT_CONFIG_VALUE_0: "refs/heads",
      GIT_CONFIG_KEY_1: "core.hooksPath",
      GIT_CONFIG_VALUE_1: join(import.meta.dirname, "hooks"),
      FAKE_NODE: process.execPath,
      FAKE_LOCKED: locked.join("\n"),
    }),
    ...(!mayWorkflows && { FAKE_WORKFLOWS: JSON.stringify({ who, without }) }),
  };
}

function loginFirst(message: string): Refusal {
  return new Refusal(401, message, { headers: { "www-authenticate": `Basic realm="GitHub"` } });
}

function missing(): Refusal {
  return new Refusal(404, "Repository not found.");
}

function denied(repository: Repository, login: string): Refusal {
  return new Refusal(403, `Permission to ${fullName(repository)}.git denied to ${login}.`);
}
