import { isAtRest, repositoryKey, UserError, type Millis } from "@ampx/core";
import { gitHubAddressOf } from "../names.ts";
import { GitHubRefusal } from "../refusal.ts";
import { answerHeard, askTask, startTask } from "./act-on-heard.ts";
import { hearComments, hearLabels, type Heard } from "./heard.ts";
import { mayWrite } from "./may-write.ts";
import { tasksHere } from "./tasks-here.ts";
import type { InboxDuty, InboxScope } from "./watch.ts";

/** A repository in which no task has moved for so long is looked at only when `github.watch` names it. */
const idleMs: Millis = 30 * 24 * 60 * 60_000;

/**
 * What people with write access ask for on GitHub: `/ampx …` at the beginning of a comment, and the label on an issue. Each is done once, over
 * restarts and kills: the store remembers it in the transaction that does it, and how far the lists were read.
 */
export function commandDuty(): InboxDuty {
  // Spares questions about what lies where two readings overlap; the store knows it as well.
  const done = new Set<string>();
  return {
    async repositories({ store, config, clock }) {
      const repos = await store.reposSince(clock.now() - idleMs);
      return [...config.github.watch, ...repos].flatMap(
        (repo) => gitHubAddressOf(repo, config.github) ?? [],
      );
    },

    async look(scope, signal) {
      const hearings = [await hearComments(scope, signal), await hearLabels(scope, signal)];
      const heard = hearings.flatMap((hearing) => hearing.heard);
      for (const one of heard.toSorted((a, b) => a.at - b.at)) {
        if (done.has(one.key)) continue;
        await obey(scope, one, signal);
        done.add(one.key);
      }
      for (const { settle } of hearings) await settle();
      return null;
    },
  };
}

async function obey(scope: InboxScope, heard: Heard, signal: AbortSignal): Promise<void> {
  const where = `${repositoryKey(scope.connected.host.web, scope.repository)}#${heard.number}`;
  // Others are told nothing: an answer would say what there is.
  if (!(await mayWrite(scope, heard.by, signal)))
    return console.error(`${where}: ${heard.by} may not write there, so ampx does nothing`);
  try {
    await act(scope, heard, signal);
  } catch (error) {
    // What cannot be done for good must not stand in the way of what others ask for; a token that lost its rights is mended first.
    const isOfToken = error instanceof GitHubRefusal && [401, 403].includes(error.status);
    if (!(error instanceof UserError) || isOfToken) throw error;
    console.error(`${where}: what ${heard.by} asks for cannot be done:`, error);
  }
}

async function act(scope: InboxScope, heard: Heard, signal: AbortSignal): Promise<void> {
  const { asks, ofPull } = heard;
  const tasks = await tasksHere(scope, heard, signal);
  if (asks.is === "label") {
    const isWorkedOn = tasks.some(
      ({ state }) => !isAtRest(state) || ["ready", "needs_review"].includes(state.phase.name),
    );
    return isWorkedOn ? undefined : startTask(scope, heard, "", signal);
  }
  const task = tasks.find(({ state }) => state.phase.name !== "merged");
  if (task !== undefined) return askTask(scope, heard, task, signal);
  if (asks.is === "continue" && !ofPull) return startTask(scope, heard, asks.words, signal);
  await answerHeard(scope, heard, "ampx has no task here that could do that.", signal);
}
