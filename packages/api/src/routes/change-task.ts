import {
  lockOf,
  type BudgetChange,
  ChangeTask,
  type Instant,
  type RequestEvent,
  notGreen,
  shortId,
  type TaskState,
} from "@ampx/core";
import { findTask, notFound } from "../find-task.ts";
import { parseBody } from "../parse-request.ts";
import { ProblemError } from "../problem.ts";
import { refuseSecrets } from "../refuse-secrets.ts";
import type { Route } from "../route.ts";

export const changeTask: Route = {
  method: "patch",
  path: "/tasks/{id}",
  name: "changeTask",
  summary: "Asks for a task to go on with a person's words, to end, or to be merged.",
  body: ChangeTask,
  answer: { status: 204, description: "Asked for; the task's events tell when and how it is met" },
  problems: [404, 409],
  async handle(req, res, deps) {
    const body = await parseBody(req, ChangeTask);
    refuseSecrets(body, deps.leakedSecret);
    const { id } = await findTask(req, deps.store);
    const event = requestOf(body, deps.user, deps.now());
    let refusal: Refusal | null = null;
    const result = await deps.store.request(id, event, (state) => {
      refusal = refusalOf(event, state);
      return refusal?.reason ?? null;
    });
    if (result.is === "not_found") throw notFound();
    if (result.is === "refused" && !isPending(refusal)) throw conflict(result.reason, refusal);
    res.status(204).end();
  },
};

/** `tryThis` null: what is asked for is asked for already, and nothing needs to be written. */
interface Refusal {
  reason: string;
  tryThis: string | null;
}

function requestOf(body: ChangeTask, user: string, at: Instant): RequestEvent {
  const by = body.by ?? user;
  switch (body.action) {
    case "abort":
      return { type: "abort_requested", at, by };
    case "merge":
      return { type: "merge_requested", at, by };
    case "continue":
      return {
        type: "continue_requested",
        at,
        by,
        text: body.prompt ?? "",
        allow: body.allow ?? [],
        ...(body.interrupt === true && { interrupt: true }),
        ...budgetOf(body),
      };
    case "answer":
      return { type: "permission_answered", at, by, ask: body.ask, allow: body.allow };
    case "attach":
      return { type: "attach_requested", at, by };
    case "detach":
      return { type: "detach_requested", at, by };
  }
}

function budgetOf({
  max_attempts: maxAttempts,
  max_minutes: minutes,
  max_usd: maxUsd,
  max_tokens: maxTokens,
}: Extract<ChangeTask, { action: "continue" }>): { budget?: BudgetChange } {
  const budget: BudgetChange = {
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(minutes !== undefined && { maxAgentMs: Math.ceil(minutes * 60_000) }),
    ...(maxUsd !== undefined && { maxUsd }),
    ...(maxTokens !== undefined && { maxTokens }),
  };
  return Object.keys(budget).length === 0 ? {} : { budget };
}

/** What `decide` would refuse anyway is refused at once, so that whoever asks learns it. */
function refusalOf(event: RequestEvent, state: TaskState): Refusal | null {
  const { phase, requests, task } = state;
  const pending: Refusal = { reason: "it is asked for already", tryThis: null };
  const id = shortId(task.id);
  switch (event.type) {
    case "abort_requested":
      if (phase.name === "merged")
        return { reason: "it is merged already", tryThis: "a new task that takes the change back" };
      if (phase.name === "aborted")
        return {
          reason: "it is aborted already",
          tryThis: `ampx continue ${id} -m "…" to take it up again`,
        };
      return requests.abort === null ? null : pending;
    case "merge_requested":
      if (phase.name === "merged")
        return { reason: "it is merged already", tryThis: `ampx show ${id}` };
      if (waitsForPerson(state))
        return {
          reason: notGreen(state),
          tryThis: `ampx continue ${id} -m "…"`,
        };
      return requests.merge === null ? null : pending;
    case "continue_requested":
      if (phase.name === "merged") return { reason: "it is merged already", tryThis: "a new task" };
      if (
        event.text === "" &&
        event.allow.length === 0 &&
        event.budget === undefined &&
        !waitsForPerson(state) &&
        !waitsForTurn(state)
      )
        return {
          reason: "it waits for nobody: say what it shall do",
          tryThis: `ampx continue ${id} -m "…"`,
        };
      // Sent again by a client that did not see the answer.
      return requests.words.some((said) => isSame(said, event)) ? pending : null;
    case "permission_answered":
      return isOpen(state, event.ask)
        ? null
        : { reason: "the agent does not ask for this, or no more", tryThis: `ampx show ${id}` };
    case "attach_requested":
      if (requests.attach?.by === event.by) return pending;
      if (requests.attach !== null)
        return {
          reason: `${requests.attach.by} works in the worktree`,
          tryThis: `ampx attach ${id} --leave when they have left without a word`,
        };
      if (phase.name === "merged")
        return { reason: "it is merged already", tryThis: `ampx show ${id}` };
      // All merges into the branch would wait for the person.
      return lockOf(state) === null
        ? null
        : { reason: "it is being merged", tryThis: `ampx logs -f ${id}` };
    case "detach_requested":
      return requests.attach === null ? pending : null;
  }
}

function isSame(
  said: TaskState["requests"]["words"][number],
  asked: Extract<RequestEvent, { type: "continue_requested" }>,
): boolean {
  const wish = ({ by, text, allow, interrupt = false, budget = {} }: typeof asked | typeof said) =>
    JSON.stringify([by, text, allow, interrupt, budget]);
  return wish(said) === wish(asked);
}

function isOpen({ phase }: TaskState, ask: number): boolean {
  return (
    phase.name === "coding" &&
    phase.turn?.asks.some(({ id, answer }) => id === ask && answer === null) === true
  );
}

/** Only what waits for a person can go on without a word. */
function waitsForPerson({ phase: { name } }: TaskState): boolean {
  return name === "needs_review" || name === "aborted" || name === "error";
}

/** It may wait for its agent, which a person can say to try now. */
function waitsForTurn({ phase }: TaskState): boolean {
  return phase.name === "coding" && phase.turn === null;
}

function isPending(refusal: Refusal | null): boolean {
  return refusal !== null && refusal.tryThis === null;
}

function conflict(reason: string, refusal: Refusal | null): ProblemError {
  const tryThis = refusal?.tryThis;
  return new ProblemError(
    "conflict",
    reason,
    tryThis === null || tryThis === undefined ? {} : { tryThis },
  );
}
