import type { Millis } from "@ampx/core";
import { Backlog } from "./backlog.ts";
import { Bell } from "./bell.ts";
import { FolderHints } from "./folder-hints.ts";
import { Settling } from "./settling.ts";
import type { Take } from "./take.ts";
import { shownName } from "./ticket-name.ts";
import { Troubles } from "./troubles.ts";
import { WaitingFiles } from "./waiting-files.ts";
import { wordsOf } from "./words-of.ts";

export interface BacklogWatch {
  /** Projects and their backlog folders, absolute; asked for at each scan. A folder need not be there. */
  folders: () => Promise<{ project: string; folder: string }[]>;
  /** Names the home, as `backlogOwner` does. */
  owner: string;
  take: Take;
  /** How often all folders are looked through, whatever the system tells of them. */
  scanMs: Millis;
  /** How long a file must stay as it is before it counts as complete. */
  settleMs: Millis;
  /** A line for the server's log. `error` only for what nobody expected. */
  report: (message: string, error?: unknown) => void;
  /** A clock that only goes forward; that of the process by default. */
  now?: () => Millis;
}

/**
 * Takes the tickets that people put into backlog folders, until the signal aborts: each complete file is given to `take` and then moved into
 * `processed/`, or into `rejected/` with the reason beside it. Each file is moved once, by one of any number of servers. Nothing that goes wrong ends it.
 */
export async function watchBacklogs(options: BacklogWatch, signal: AbortSignal): Promise<void> {
  const { folders, scanMs, settleMs, report, now = () => performance.now() } = options;
  const troubles = new Troubles(report);
  const backlogs = new Map<string, Backlog>();
  const bell = new Bell();
  await using hints = new FolderHints(
    () => bell.ring(),
    (folder, words) =>
      troubles.tell(
        folder,
        `${shownName(folder)} is looked at every ${scanMs / 1000} s only: ${words}`,
      ),
  );

  const scanAll = async (): Promise<Millis> => {
    const wanted = new Map((await folders()).map(({ project, folder }) => [folder, project]));
    await hints.watch(wanted.keys());
    for (const folder of backlogs.keys()) if (!wanted.has(folder)) backlogs.delete(folder);
    let rest = scanMs;
    for (const [folder, project] of wanted) {
      if (signal.aborted) break;
      const backlog = backlogs.get(folder) ?? newBacklog(project, folder, options, now);
      backlogs.set(folder, backlog);
      rest = Math.min(rest, await backlog.scan(signal));
    }
    return rest;
  };

  while (!signal.aborted) {
    let rest = scanMs;
    try {
      rest = await scanAll();
      troubles.forget(everything);
    } catch (error) {
      const { words, stack } = wordsOf(error);
      troubles.tell(everything, `backlogs cannot be looked at: ${words}`, stack);
    }
    // A file that is written to all the time does not keep us busy.
    await pause(Math.min(breatherMs, settleMs), signal);
    await bell.wait(rest, signal);
  }
}

/** About what a trouble is that is not with one folder. */
const everything = "";

const breatherMs: Millis = 50;

function newBacklog(
  project: string,
  folder: string,
  { owner, take, scanMs, settleMs, report }: BacklogWatch,
  now: () => Millis,
): Backlog {
  return new Backlog({
    project,
    folder,
    owner,
    take,
    scanMs,
    now,
    settling: new Settling(settleMs, now),
    waiting: new WaitingFiles(),
    troubles: new Troubles((message, error) =>
      report(`backlog of ${shownName(project)}: ${message}`, error),
    ),
  });
}

function pause(ms: Millis, signal: AbortSignal): Promise<void> {
  return new Bell().wait(ms, signal);
}
