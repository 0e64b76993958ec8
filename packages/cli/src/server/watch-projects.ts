import { dirname, join } from "node:path";
import { type ApiDeps, backlogOwner, takeTickets, watchBacklogs } from "@ampx/api";
import { homePaths, type Millis } from "@ampx/core";
import { readProjects } from "../projects.ts";

/** Takes tickets out of the `backlog/` folders of the home's projects, until the signal aborts. */
export async function watchProjects(
  deps: ApiDeps,
  scanMs: Millis,
  signal: AbortSignal,
): Promise<void> {
  const { home, logger } = deps;
  await watchBacklogs(
    {
      folders: async () =>
        [...(await readProjects(home))].map(([project, repo]) => ({
          project,
          folder: join(dirname(repo), "backlog"),
        })),
      owner: await backlogOwner(homePaths(home).backlogOwner),
      take: takeTickets(deps, signal),
      scanMs,
      settleMs: Math.min(scanMs, settleMs),
      report: (message, error) =>
        error === undefined ? logger.info(message) : logger.error(message, error),
    },
    signal,
  );
}

/** A file that has not changed for so long is complete. */
const settleMs: Millis = 500;
