import { z } from "zod";
import { Sha, TaskId } from "../scalars.ts";

/** Files that another task in flight changes, and this one changes or names, too. */
export const Overlap = z.object({
  task: TaskId,
  title: z.string(),
  /** What the other one had pushed when it was looked at. */
  commit: Sha,
  /** Changed by both; of a task that has not begun: changed by the other one and named by its words. At most {@link mostFiles}. */
  files: z.array(z.string()),
  /** Where the two cannot be merged as they are; at most {@link mostFiles}. */
  conflicts: z.array(z.string()),
});
export type Overlap = z.infer<typeof Overlap>;

/** What a task knows of an overlap. `told`: its agent has had a turn with it. */
export const KnownOverlap = Overlap.extend({ told: z.boolean() });
export type KnownOverlap = z.infer<typeof KnownOverlap>;

/** Files that are kept of one overlap, and of its conflicts. */
export const mostFiles = 50;
/** Overlaps that are kept of one task. */
export const mostOverlaps = 20;

/** The overlaps as they are now; what the agent was told before is no news to it, unless it is more. */
export function knownOverlaps(
  known: readonly KnownOverlap[],
  found: readonly Overlap[],
): KnownOverlap[] {
  return found.map((overlap) => {
    const before = known.find(({ task }) => task === overlap.task);
    const isKnown =
      before?.told === true &&
      isWithin(overlap.files, before.files) &&
      isWithin(overlap.conflicts, before.conflicts);
    return { ...overlap, told: isKnown };
  });
}

/** Whether a look found just what is known already. */
export function isNoNews(known: readonly KnownOverlap[], found: readonly Overlap[]): boolean {
  const plain = known.map(({ told: _told, ...overlap }) => overlap);
  return JSON.stringify(plain.map(inOrder)) === JSON.stringify(found.map(inOrder));
}

function inOrder({ task, title, commit, files, conflicts }: Overlap) {
  return [task, title, commit, files, conflicts];
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}
