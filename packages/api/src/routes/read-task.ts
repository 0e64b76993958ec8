import { TaskDetail } from "@ampx/core";
import { findTask } from "../find-task.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send.ts";
import { taskDetail } from "../task-view.ts";

const historyLimit = 500;

export const readTask: Route = {
  method: "get",
  path: "/tasks/{id}",
  name: "readTask",
  summary: "One task with its history.",
  answer: { status: 200, description: "The task", schema: TaskDetail },
  problems: [404, 409],
  async handle(req, res, deps) {
    const row = await findTask(req, deps.store);
    const history = await deps.store.newestEvents(row.id, historyLimit);
    // A task's worktree is made near the beginning of its log.
    const first =
      row.seq > historyLimit ? await deps.store.eventsAfter(0, { taskId: row.id, limit: 50 }) : [];
    sendJson(res, 200, taskDetail(row, history, first));
  },
};
