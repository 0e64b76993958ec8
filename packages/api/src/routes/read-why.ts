import { Why } from "@ampx/core";
import { isAlive } from "@ampx/store";
import { workerAliveMs } from "../check-agent.ts";
import { findTask } from "../find-task.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send.ts";
import { why } from "../why.ts";

export const readWhy: Route = {
  method: "get",
  path: "/tasks/{id}/why",
  name: "readWhy",
  summary: "Why a task is not further than it is: all that keeps it back, and who.",
  answer: { status: 200, description: "The reasons, of any task", schema: Why },
  problems: [404, 409],
  async handle(req, res, deps) {
    const { store } = deps;
    const { rules, slots } = deps.schedule;
    const row = await findTask(req, store);
    const now = deps.now();
    const workers = await store.workers(now - workerAliveMs);
    const answer = why({
      row,
      found: await store.readSchedule(rules, slots, now),
      turns: await store.turns(now),
      pauses: await store.pauses(),
      slots,
      startAfter: rules.startAfter,
      isWorkerAlive: workers.some(({ holder }) => isAlive(holder) !== false),
      now,
    });
    sendJson(res, 200, answer);
  },
};
