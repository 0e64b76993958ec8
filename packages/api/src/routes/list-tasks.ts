import { ListTasks, TaskList } from "@ampx/core";
import { parseQuery } from "../parse-request.ts";
import { pauseView } from "../pause-view.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send.ts";
import { taskView } from "../task-view.ts";

export const listTasks: Route = {
  method: "get",
  path: "/tasks",
  name: "listTasks",
  summary: "Tasks, newest first, a page at a time.",
  query: ListTasks,
  answer: { status: 200, description: "A page of tasks", schema: TaskList },
  async handle(req, res, deps) {
    const { status, repo, created_by: createdBy, limit, cursor } = parseQuery(req, ListTasks);
    const { tasks, total, nextCursor } = await deps.store.listTasks({
      limit,
      ...(status === undefined ? {} : { statuses: status }),
      ...(repo === undefined ? {} : { repo }),
      ...(createdBy === undefined ? {} : { createdBy }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const list: TaskList = {
      tasks: tasks.map(taskView),
      total,
      next_cursor: nextCursor,
      pauses: (await deps.store.pauses()).map(pauseView),
    };
    sendJson(res, 200, list);
  },
};
