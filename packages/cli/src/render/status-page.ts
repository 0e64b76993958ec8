import type { ServerFile, ServerStatus } from "@ampx/core";
import { homePaths } from "@ampx/core/home";
import { age } from "./duration.ts";
import { type Paint, type Style, styleOfStatus } from "./paint.ts";
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
    ...status.workers.flatMap((worker) => workerLines(worker, now, paint)),
  ];
  if (status.workers.length === 0) lines.push(`  worker  ${noWorker(server, status, now, paint)}`);
  return lines.join("\n");
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
    ...worker.agents.map((agent) => {
      const name = `${agent.name}${agent.version === null ? "" : ` ${printableLine(agent.version)}`}`;
      if (agent.problems.length === 0) return `  agent   ${paint("green", "✓")} ${name}`;
      return `  agent   ${paint("red", "✗")} ${name}: ${agent.problems.map(({ what, try_this }) => `${printableLine(what)} (try: ${printableLine(try_this)})`).join("; ")}`;
    }),
  ];
}
