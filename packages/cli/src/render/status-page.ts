import type { ServerFile, ServerStatus } from "@ampx/core";
import { homePaths } from "@ampx/core/home";
import { costWords, dollarCap, isNothing, tokenCount, tokenWords } from "./amounts.ts";
import { age } from "./duration.ts";
import { localTime } from "./local-time.ts";
import { type Paint, type Style, styleOfStatus } from "./paint.ts";
import { parkedWords } from "./parked-words.ts";
import { pauseLines } from "./pauses-text.ts";
import { printableLine } from "./printable.ts";

/** The server as `ampx status` tells it. `now` in epoch milliseconds. */
export function statusPage(
  server: ServerFile,
  status: ServerStatus,
  { now, paint }: { now: number; paint: Paint },
): string {
  const lines = [
    `${paint("green", "●")} ampx ${status.version} at ${server.url}, pid ${server.pid}, up ${age(server.started_at, now)}`,
    `  home    ${status.home}`,
    `  tasks   ${taskCounts(status.tasks, paint)}`,
    `  today   ${today(status)}`,
    ...status.workers.flatMap((worker) => workerLines(worker, now, paint)),
    ...status.rate_limits.map((limit) => `  github  ${rateWords(limit, now, paint)}`),
    ...status.parked.map(
      (parked) =>
        `  parked  ${paint("yellow", "!")} ${printableLine(parked.agent)} ${parkedWords(parked, now)}`,
    ),
  ];
  lines.push(...pauseLines(status.pauses, { now, paint }).map((line) => `  paused  ${line}`));
  if (status.workers.length === 0) lines.push(`  worker  ${noWorker(server, status, now, paint)}`);
  return lines.join("\n");
}

/** Of the last tenth, which is kept for people, tasks use nothing. */
function rateWords(
  { host, scope, limit, remaining, resets_at: resetsAt }: ServerStatus["rate_limits"][number],
  now: number,
  paint: Paint,
): string {
  const of = [...(host === "github.com" ? [] : [host]), scope].map(printableLine).join(", ");
  const left = `${remaining} of ${limit} requests left until ${localTime(resetsAt, now)} (${of})`;
  return remaining > limit / 10 ? left : paint("yellow", `${left}, which are kept for people`);
}

/** What all tasks have used since midnight, and of how much. */
function today({
  used_today: used,
  max_usd_per_day: maxUsd,
  max_tokens_per_day: maxTokens,
}: ServerStatus): string {
  if (isNothing(used) && maxUsd === null && maxTokens === null) return "nothing used";
  const cost = costWords(used) + (maxUsd === null ? "" : ` of ${dollarCap(maxUsd)}`);
  const tokens = tokenWords(used) + (maxTokens === null ? "" : ` of ${tokenCount(maxTokens)}`);
  return `${cost}, ${tokens} tokens`;
}

/** A worker tells of itself within a second or two; one that has not by now does not get that far. */
const workerReportsWithinMs = 10_000;

function noWorker(server: ServerFile, status: ServerStatus, now: number, paint: Paint): string {
  return now - Date.parse(server.started_at) < workerReportsWithinMs
    ? paint("yellow", "none has reported; a started one needs a second")
    : paint("red", `no worker is alive: see ${homePaths(status.home).serverLog}`);
}

function taskCounts(tasks: ServerStatus["tasks"], paint: Paint): string {
  const counts = Object.entries(tasks).filter(([, count]) => (count ?? 0) > 0);
  if (counts.length === 0) return "none";
  return counts
    .map(([status, count]) => paint(styles.get(status) ?? "dim", `${count} ${status}`))
    .join(", ");
}

const styles = new Map<string, Style>(Object.entries(styleOfStatus));

function workerLines(worker: ServerStatus["workers"][number], now: number, paint: Paint): string[] {
  return [
    `  worker  pid ${worker.pid} on ${printableLine(worker.host)}, ${worker.busy} of ${worker.slots} agent slots busy, seen ${age(worker.alive_at, now)} ago`,
    ...agentLines(worker.agents, paint),
  ];
}

function agentLines(agents: ServerStatus["workers"][number]["agents"], paint: Paint): string[] {
  const ready = agents.filter(({ problems }) => problems.length === 0);
  const others = agents.filter(({ problems }) => problems.length > 0);
  const named = ready.map(
    ({ name, version }) => name + (version === null ? "" : ` ${printableLine(version)}`),
  );
  return [
    ...(ready.length === 0 ? [] : [`  agents  ${paint("green", "✓")} ${named.join(", ")}`]),
    ...(others.length === 0
      ? []
      : [
          `  ${ready.length === 0 ? "agents" : "      "}  ${paint("red", "✗")} ${others.map(({ name }) => name).join(", ")}: ampx agents says why`,
        ]),
  ];
}
