import { ServerStatus, type TurnView } from "@ampx/core";
import { isAlive } from "@ampx/store";
import type { RunningTurn } from "@ampx/store";
import { workerAliveMs } from "../check-agent.ts";
import { pauseView } from "../pause-view.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send.ts";
import { usedView } from "../used-view.ts";

export const readStatus: Route = {
  method: "get",
  path: "/status",
  name: "readStatus",
  summary:
    "The server as a whole: its workers, their agents, and how many tasks are in which status.",
  answer: { status: 200, description: "The server", schema: ServerStatus },
  async handle(_req, res, { store, version, home, now, dayCaps, githubUrl }) {
    const reported = await store.workers(now() - workerAliveMs);
    // One that is known to have ended counts no more, whatever the clock says: it may have been set back.
    const workers = reported.filter(({ holder }) => isAlive(holder) !== false);
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
          can: agent.can,
          problems: agent.problems.map(({ what, tryThis }) => ({ what, try_this: tryThis })),
        })),
      })),
      parked: (await store.parkedAgents())
        .filter(({ until }) => until > now())
        .map((parked) => ({
          ...parked,
          since: new Date(parked.since).toISOString(),
          until: new Date(parked.until).toISOString(),
        })),
      github_url: githubUrl,
      rate_limits: (await store.rateLimits())
        .filter(({ resetsAt }) => resetsAt > now())
        .map(({ host, scope, requests, remaining, resetsAt, toldAt }) => ({
          host,
          scope,
          limit: requests,
          remaining,
          resets_at: new Date(resetsAt).toISOString(),
          told_at: new Date(toldAt).toISOString(),
        })),
      used_today: usedView(await store.usedSince(new Date(now()).setHours(0, 0, 0, 0))),
      max_usd_per_day: dayCaps.usd,
      max_tokens_per_day: dayCaps.tokens,
      tasks: await store.countByStatus(),
      pauses: (await store.pauses()).map(pauseView),
      turns: (await store.turns(now())).map(turnView),
    };
    sendJson(res, 200, status);
  },
};

function turnView({ id, shortId, ticket, repo, title, agent, since }: RunningTurn): TurnView {
  const at = since === null ? null : new Date(since).toISOString();
  return { id, short_id: shortId, ticket, repo, title, agent, since: at };
}
