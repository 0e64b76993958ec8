import {
  currentAttempt,
  inTheWay,
  isAllowed,
  isNoNews,
  mostFiles,
  mostOverlaps,
  namedFiles,
  overlapWait,
  type InFlight,
  type Overlap,
} from "@ampx/core";
import type { Pause } from "../loop/perform.ts";
import type { TaskContext } from "../loop/task-context.ts";

/** How long a look at all of them may take: it is worth seconds, not minutes. */
const patienceMs = 30_000;
/** Between two looks of a task that waits. */
const lookAgainMs = 5_000;

/**
 * Looks which tasks in flight change the same files, and records it when that is news. A pause: the policy has this one wait for one of them. A
 * look that fails is only told: it must not stand in the way of the task.
 */
export async function lookForOverlaps(context: TaskContext): Promise<Pause | undefined> {
  const { policy, state, clock } = context;
  const inFlight = policy.overlaps === "ignore" ? [] : await context.inFlight();
  const inWay = () =>
    policy.overlaps === "wait" && !isAllowed(context.state, "overlaps")
      ? inTheWay(state.task.id, context.state.overlaps, inFlight)
      : undefined;
  const pauseFor = (overlap: Overlap): Pause => ({
    until: clock.now() + lookAgainMs,
    reason: overlapWait(state.task.id, overlap),
  });
  // Nothing has moved since the look before, which is cheap to see: many may wait for the same one.
  const still = inWay();
  if (
    still !== undefined &&
    inFlight.some(({ id, commit }) => id === still.task && commit === still.commit)
  )
    return pauseFor(still);

  const others = await look(context, inFlight);
  if (others !== undefined && !isNoNews(state.overlaps, others))
    await context.record({ type: "overlaps_found", at: clock.now(), others });
  const now = inWay();
  return now === undefined ? undefined : pauseFor(now);
}

/** Undefined when the look has failed. */
async function look(
  context: TaskContext,
  inFlight: readonly InFlight[],
): Promise<Overlap[] | undefined> {
  if (inFlight.length === 0) return [];
  const { ports, state, signal, redact } = context;
  await using tmp = await context.turnFolder();
  const commits = inFlight.map(({ commit }) => commit);
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    const met = await ports.workspace.meetings(state.pushed, commits, tmp.path, limit);
    const words = wordsOf(context);
    const found = inFlight.flatMap(({ id, title, commit }) => {
      const meeting = met.find((one) => one.commit === commit);
      if (meeting === undefined) return [];
      const files = state.pushed === null ? namedFiles(words, meeting.files) : meeting.files;
      if (files.length === 0 && meeting.conflicts.length === 0) return [];
      const kept = (paths: readonly string[]) => paths.slice(0, mostFiles).map(redact);
      return [{ task: id, title, commit, files: kept(files), conflicts: kept(meeting.conflicts) }];
    });
    return found.slice(0, mostOverlaps);
  } catch (error) {
    if (signal.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    context.log.add(
      "worker",
      currentAttempt(state),
      `could not look which other tasks change the same files: ${why}`,
    );
    return undefined;
  }
}

/** All that is said of what the task shall do. */
function wordsOf({ state }: TaskContext): string {
  const { task, issue } = state;
  return [task.title, task.prompt, issue?.title ?? "", issue?.text ?? ""].join("\n");
}
