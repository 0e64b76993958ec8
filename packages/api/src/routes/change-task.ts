import {
  type BudgetChange,
  ChangeTask,
  type Instant,
  type RequestEvent,
  requestRefusal,
  type RequestRefusal,
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
    let refusal: RequestRefusal | null = null;
    const result = await deps.store.request(id, event, (state) => {
      refusal = requestRefusal(event, state);
      return refusal?.reason ?? null;
    });
    if (result.is === "not_found") throw notFound();
    if (result.is === "refused" && !isPending(refusal)) throw conflict(result.reason, refusal);
    res.status(204).end();
  },
};

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

function isPending(refusal: RequestRefusal | null): boolean {
  return refusal !== null && refusal.tryThis === null;
}

function conflict(reason: string, refusal: RequestRefusal | null): ProblemError {
  const tryThis = refusal?.tryThis;
  return new ProblemError(
    "conflict",
    reason,
    tryThis === null || tryThis === undefined ? {} : { tryThis },
  );
}
