import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerFile } from "@ampx/core";
import { homePaths } from "@ampx/core/home";
import { UserError } from "@ampx/core/user-error";
import { isAlive } from "@ampx/store/holder";
import { acquireProcessLock, type ProcessLock } from "@ampx/store/process-lock";
import { findServer } from "../find-server.ts";
import { heldElsewhere } from "../held-elsewhere.ts";
import { prepareHome } from "./home-folder.ts";
import { runParts } from "./run-parts.ts";
import type { StartFailure } from "./start-failure.ts";

/** What a supervisor tells whoever started it. */
export type SupervisorMessage =
  | { is: "ready"; server: ServerFile; startedHere: boolean }
  | { is: "failed"; failure: StartFailure };

export interface SupervisorOptions {
  home: string;
  version: string;
  /** Exactly this port; without it, the configured one or the next that is free. */
  port: number | undefined;
  /** Ends with whoever started it, and says on stderr what it logs. */
  attached: boolean;
}

const waitsForWinnerMs = 30_000;

/**
 * Runs the server of a home until the signal aborts. Of several that are started at once one wins the lock; the others tell of
 * its server and end. Throws a `UserError` when the server cannot be started.
 */
export async function supervise(
  options: SupervisorOptions,
  signal: AbortSignal,
  tell: (message: SupervisorMessage) => void,
): Promise<void> {
  const token = await prepareHome(options.home);
  const won = await lockOrServer(options.home, signal);
  if ("server" in won) return tell({ is: "ready", server: won.server, startedHere: false });
  await using lock = won.lock;
  const { serverFile } = homePaths(options.home);
  // What a killed one left would send clients to a port that may be anybody's.
  await rm(serverFile, { force: true });
  try {
    await runParts(options, token, signal, (server) =>
      tell({ is: "ready", server, startedHere: true }),
    );
  } finally {
    await rm(serverFile, { force: true });
  }
  void lock;
}

async function lockOrServer(
  home: string,
  signal: AbortSignal,
): Promise<{ lock: ProcessLock } | { server: ServerFile }> {
  const until = performance.now() + waitsForWinnerMs;
  for (;;) {
    const lock = await acquireProcessLock(homePaths(home).serverLock);
    if (!("heldBy" in lock)) return { lock };
    if (isAlive(lock.heldBy) === "unknown") throw heldElsewhere(home, lock.heldBy);
    const server = await findServer(home);
    if (server?.pid === lock.heldBy.pid) return { server };
    if (performance.now() > until) {
      throw new UserError(`Process ${lock.heldBy.pid} holds ${home} but serves nothing`, {
        kind: "conflict",
        tryThis: "ampx stop, then the same again",
      });
    }
    await sleep(50, undefined, { signal });
  }
}
