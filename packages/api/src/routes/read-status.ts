import { ServerStatus } from "@ampx/core";
import { workerAliveMs } from "../check-agent.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send.ts";

export const readStatus: Route = {
  method: "get",
  path: "/status",
  name: "readStatus",
  summary:
    "The server as a whole: its workers, their agents, and how many tasks are in which status.",
  answer: { status: 200, description: "The server", schema: ServerStatus },
  async handle(_req, res, { store, version, home, now }) {
    const workers = await store.workers(now() - workerAliveMs);
    const status: ServerStatus = {
      version,
      home,
      workers: workers.map(({ id, holder, aliveAt, slots, busy, agents }) => ({
        id,
        pid: holder.pid,
        host: holder.host,
        alive_at: new Date(aliveAt).toISOString(),
        slots,
        busy,
        agents: agents.map((agent) => ({
          name: agent.name,
          command: agent.command,
          version: agent.version,
          problems: agent.problems.map(({ what, tryThis }) => ({ what, try_this: tryThis })),
        })),
      })),
      tasks: await store.countByStatus(),
    };
    sendJson(res, 200, status);
  },
};
