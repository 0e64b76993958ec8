import { openApi } from "./open-api.ts";
import type { Route } from "./route.ts";
import { changeTask } from "./routes/change-task.ts";
import { createTask } from "./routes/create-task.ts";
import { followEvents, followTaskEvents } from "./routes/follow-events.ts";
import { listTasks } from "./routes/list-tasks.ts";
import { readHealth } from "./routes/read-health.ts";
import { readLogs } from "./routes/read-logs.ts";
import { readStats } from "./routes/read-stats.ts";
import { readStatus } from "./routes/read-status.ts";
import { readTask } from "./routes/read-task.ts";
import { takeWebhook } from "./routes/take-webhook.ts";
import { sendJson } from "./send.ts";

const readOpenApi: Route = {
  method: "get",
  path: "/openapi.json",
  name: "readOpenApi",
  summary: "This description.",
  answer: { status: 200, description: "An OpenAPI 3.1 document" },
  handle(_req, res, { version }) {
    sendJson(res, 200, openApi(routes, version));
  },
};

/** All that the API can do. */
export const routes: Route[] = [
  createTask,
  listTasks,
  readTask,
  changeTask,
  readLogs,
  followTaskEvents,
  followEvents,
  readStatus,
  readStats,
  readHealth,
  takeWebhook,
  readOpenApi,
];
