import {
  ReleasedLocks,
  ReleaseLocks,
  requestRefusal,
  type RequestEvent,
  type RequestRefusal,
  shortId,
  type TaskId,
} from "@ampx/core";
import type { TaskRow } from "@ampx/store";
import { findTaskBy, notFound } from "../find-task.ts";
import { lockList } from "../lock-list.ts";
import { namedRepo } from "../named-repo.ts";
import { parseBody } from "../parse-request.ts";
import { ProblemError } from "../problem.ts";
import { refuseSecrets } from "../refuse-secrets.ts";
import type { Route, RouteDeps } from "../route.ts";
import { sendJson } from "../send.ts";

export const releaseLocks: Route = {
  method: "post",
  path: "/locks/release",
  name: "releaseLocks",
  summary:
    "Takes all locks of a task away, or of whoever holds one. A turn that runs goes on; the next one waits until the task has its locks again.",
  body: ReleaseLocks,
  answer: { status: 200, description: "Whose locks were taken away", schema: ReleasedLocks },
  problems: [404, 409],
  async handle(req, res, deps) {
    const body = await parseBody(req, ReleaseLocks);
    refuseSecrets(body, deps.leakedSecret);
    const { by = deps.user, reason = "for others to go on" } = body;
    const holders = await holdersOf(body, deps);
    const released: ReleasedLocks["released"] = [];
    for (const id of holders) {
      const event: RequestEvent = { type: "locks_released", at: deps.now(), by, reason };
      const taken = await release(id, event, deps);
      // Of several holders, one may have given them back by itself.
      if ("locks" in taken) released.push(taken);
      else if (holders.length === 1) throw taken;
    }
    sendJson(res, 200, { released });
  },
};

async function holdersOf(
  { task, name = "", repo: given = "" }: ReleaseLocks,
  deps: RouteDeps,
): Promise<TaskId[]> {
  if (task !== undefined) return [(await findTaskBy(task, deps.store)).id];
  const locks = await lockList(deps);
  const known = locks.map((lock) => lock.repo);
  const repo = await namedRepo(given, known, deps);
  const holders = locks.find((lock) => lock.name === name && lock.repo === repo)?.holders ?? [];
  if (holders.length === 0)
    throw new ProblemError("not_found", `Nobody holds lock ${name} of ${repo}`, {
      tryThis: "ampx locks",
    });
  return holders.map(({ id }) => id);
}

async function release(
  id: TaskId,
  event: RequestEvent,
  { store }: RouteDeps,
): Promise<ReleasedLocks["released"][number] | ProblemError> {
  let refusal: RequestRefusal | null = null;
  let locks: readonly string[] = [];
  const result = await store.request(id, event, (state) => {
    locks = state.locks;
    refusal = requestRefusal(event, state);
    return refusal?.reason ?? null;
  });
  const row = await store.readTask(id);
  if (row === undefined) return notFound();
  if (result.is === "refused") return notHeld(row, refusal);
  const ticket = row.state.task.ticket?.id ?? null;
  return { id, short_id: shortId(id), ticket, status: row.status, locks: [...locks] };
}

function notHeld({ id }: TaskRow, refusal: RequestRefusal | null): ProblemError {
  const tryThis = refusal?.tryThis ?? null;
  return new ProblemError(
    "conflict",
    `Task ${shortId(id)}: ${refusal?.reason ?? "it holds no lock"}`,
    tryThis === null ? {} : { tryThis },
  );
}
