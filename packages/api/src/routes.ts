import { openApi } from "./open-api.ts";
import type { Route } from "./route.ts";
import { changeTask } from "./routes/change-task.ts";
import { createTask } from "./routes/create-task.ts";
import { enqueue } from "./routes/enqueue.ts";
import { followEvents, followTaskEvents } from "./routes/follow-events.ts";
import { listTasks } from "./routes/list-tasks.ts";
import { pauseWork, resumeWork } from "./routes/pause-work.ts";
import { readHealth } from "./routes/read-health.ts";
import { readLocks } from "./routes/read-locks.ts";
import { readLogs } from "./routes/read-logs.ts";
import { readStats } from "./routes/read-stats.ts";
import { readStatus } from "./routes/read-status.ts";
import { readTask } from "./routes/read-task.ts";
import { readWhy } from "./routes/read-why.ts";
import { releaseLocks } from "./routes/release-locks.ts";
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
  enqueue,
  listTasks,
  readTask,
  changeTask,
  readWhy,
  readLogs,
  followTaskEvents,
  followEvents,
  readLocks,
  releaseLocks,
  pauseWork,
  resumeWork,
  readStatus,
  readStats,
  readHealth,
  takeWebhook,
  readOpenApi,
];
