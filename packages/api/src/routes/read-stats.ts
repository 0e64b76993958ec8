import { type Instant, ReadStats, Stats } from "@ampx/core";
import { parseQuery } from "../parse-request.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send.ts";
import { usedView } from "../used-view.ts";

export const readStats: Route = {
  method: "get",
  path: "/stats",
  name: "readStats",
  summary: "What was used, by agent, day, repository, creator or task.",
  query: ReadStats,
  answer: { status: 200, description: "Sums", schema: Stats },
  async handle(req, res, { store, now }) {
    const { since: asked, by } = parseQuery(req, ReadStats);
    const since: Instant = asked === undefined ? now() - 30 * dayMs : Date.parse(asked);
    const [rows, total] = await Promise.all([
      store.usageStats({ since, by }),
      store.usedSince(since),
    ]);
    const stats: Stats = {
      since: new Date(since).toISOString(),
      by,
      groups: rows.map(({ key, tasks, used }) => ({ key, tasks, used: usedView(used) })),
      total: usedView(total),
    };
    sendJson(res, 200, stats);
  },
};

const dayMs = 86_400_000;
