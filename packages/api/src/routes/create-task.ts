import {
  CreatedTask,
  CreateTask,
  type Instant,
  newTask,
  shortId,
  type TaskDefaults,
  type TaskId,
  termsOf,
  UserError,
  type Wish,
} from "@ampx/core";
import { createWithNewId, type IdempotencyKey, type Repeated, type Store } from "@ampx/store";
import { checkAgent } from "../check-agent.ts";
import { idempotencyKey } from "../idempotency-key.ts";
import { parseBody } from "../parse-request.ts";
import { invalidField, ProblemError } from "../problem.ts";
import { branchNameProblem } from "../ref-name.ts";
import { refuseSecrets } from "../refuse-secrets.ts";
import type { Route, RouteDeps } from "../route.ts";
import { sendJson } from "../send.ts";
import { stillAsking } from "../still-asking.ts";

export const createTask: Route = {
  method: "post",
  path: "/tasks",
  name: "createTask",
  summary:
    "Starts a task. With an Idempotency-Key it is started once, however often the request is sent.",
  headers: [
    {
      name: "Idempotency-Key",
      description: "1 to 255 visible characters that no other request uses, such as a UUID",
    },
  ],
  body: CreateTask,
  answer: { status: 201, description: "The task, as its Location tells too", schema: CreatedTask },
  problems: [404, 409],
  async handle(req, res, deps) {
    const body = await parseBody(req, CreateTask);
    const key = idempotencyKey(req, body);
    refuseSecrets({ ...body, "Idempotency-Key": key?.key }, deps.leakedSecret);
    using asking = stillAsking(res, deps.closing);
    const created = await store(body, key, deps, asking.signal);
    res.setHeader("Location", `${req.baseUrl}/tasks/${created.id}`);
    sendJson(res, 201, created);
  },
};

async function store(
  body: CreateTask,
  key: IdempotencyKey | undefined,
  deps: RouteDeps,
  signal: AbortSignal,
): Promise<CreatedTask> {
  const at = deps.now();
  // What was accepted once is answered again, whatever has become of its repository, agent or deadline.
  const repeated = key === undefined ? undefined : await deps.store.findRepeated(key);
  if (repeated !== undefined) return theRepeated(repeated, deps.store);
  const { wish, defaults } = await settle(body, at, deps, signal);
  const make = (id: TaskId) => newTask(wish, defaults, id, at);
  const result = await createWithNewId(deps.store, make, () => deps.newId(at), key);
  switch (result.is) {
    case "created":
      return answer(result.task);
    case "repeated":
    case "key_reused":
      return theRepeated(result, deps.store);
    case "branch_taken":
      throw new UserError(
        `Task ${shortId(result.by)} works on branch ${result.branch} of this repository`,
        { kind: "conflict", tryThis: "another branch, or to continue that task" },
      );
  }
}

/** What the task shall be, whatever its id, or a refusal. */
async function settle(
  body: CreateTask,
  at: Instant,
  deps: RouteDeps,
  signal: AbortSignal,
): Promise<{ wish: Wish; defaults: TaskDefaults }> {
  checkNames(body);
  const deadline = body.deadline === undefined ? null : Date.parse(body.deadline);
  if (deadline !== null && deadline <= at) throw invalidField("deadline", "has passed already");
  const found = await deps.repositories.resolve(body.repo, body.base, body.branch);
  const { repo, base } = found;
  if (body.branch === base)
    throw invalidField("branch", "is the base: ampx works on a branch of its own");
  if (body.issue !== undefined && found.hasIssues !== true)
    throw invalidField("issue", "is of a repository on GitHub, which this one is not");
  const defaults = { ...deps.defaults, ...found.defaults };
  const wish: Wish = {
    repo,
    base,
    prompt: body.prompt,
    issue: body.issue,
    title: body.title,
    branch: body.branch,
    agent: body.agent,
    fallbacks: body.fallbacks,
    allow: body.allow,
    createdBy: body.created_by ?? deps.user,
    priority: body.priority,
    maxAttempts: body.max_attempts,
    maxMinutes: body.max_minutes,
    maxUsd: body.max_usd,
    maxTokens: body.max_tokens,
    deadline,
  };
  const { agent, fallbacks, maxUsd, maxTokens } = termsOf(wish, defaults);
  const needs = { usd: maxUsd !== undefined, tokens: maxTokens !== undefined };
  await checkAgent(agent, { field: "agent", needs }, deps, signal);
  for (const name of fallbacks) await checkAgent(name, { field: "fallbacks", needs }, deps, signal);
  return { wish, defaults };
}

async function theRepeated(repeated: Repeated, from: Store): Promise<CreatedTask> {
  if (repeated.is === "key_reused")
    throw new ProblemError(
      "key_reused",
      "The Idempotency-Key was used for a request with another body.",
      { tryThis: "a new key for a new request" },
    );
  const row = await from.readTask(repeated.id);
  if (row === undefined) throw new Error(`the task of an idempotency key is gone: ${repeated.id}`);
  return answer(row.state.task);
}

/** Names go to git: what it would refuse, or take for an option or for credentials, is refused here by field. */
function checkNames({ repo, base, branch }: CreateTask): void {
  for (const [field, name] of Object.entries({ base, branch })) {
    const problem = name === undefined ? null : branchNameProblem(name);
    if (problem !== null) throw invalidField(field, problem);
  }
  if (repo.startsWith("-")) throw invalidField("repo", 'must not begin with "-"');
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/@]*:[^/]*@/i.test(repo))
    throw invalidField(
      "repo",
      "must not hold a password",
      "the address without it; git's credential helper knows it",
    );
}

function answer(task: { id: TaskId; branch: string; title: string }): CreatedTask {
  return { id: task.id, short_id: shortId(task.id), branch: task.branch, title: task.title };
}
