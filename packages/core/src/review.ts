import { z } from "zod";
import { Instant, Sha } from "./scalars.ts";
import type { Phase, ReviewReason, TaskState } from "./task-state.ts";

/** What a person said of the change where it is looked at. */
export const ReviewComment = z.object({
  /** Never the same for two: `review:1`, `review_comment:2`, `issue_comment:3`. */
  key: z.string(),
  /** Login name there. */
  by: z.string(),
  /** As it was first seen; a long one is cut. */
  text: z.string(),
  /** The file that it is about, and the line in it. */
  path: z.string().nullable(),
  line: z.int().positive().nullable(),
  url: z.string(),
});
export type ReviewComment = z.infer<typeof ReviewComment>;

/** The comments on a task's change, and how far each has come. */
export const Reviews = z.object({
  /** Keys of all that were ever received: each is passed on once. */
  received: z.array(z.string()),
  /** No turn was told of them yet; oldest first. */
  waiting: z.array(ReviewComment),
  /**
   * Given to the agent and not yet answered. `told`: a turn that knew of it has come to its end. `on`: what was pushed when it was given, so that
   * another commit is an answer.
   */
  open: z.array(ReviewComment.extend({ told: z.boolean(), on: Sha.nullable() })),
});
export type Reviews = z.infer<typeof Reviews>;

export const noReviews: Reviews = { received: [], waiting: [], open: [] };

/** How a change came to its end where it was open, by somebody else than ampx. */
export const ChangeClosed = z.object({
  at: Instant,
  /** Login name there, where it is known. */
  by: z.string().nullable(),
  /** The commit of the change that was merged; null: it was not. */
  merged: Sha.nullable(),
});
export type ChangeClosed = z.infer<typeof ChangeClosed>;

/** Whether comments that wait start an attempt now: the change lies there, and nothing stands in the way that only a person can move. */
export function startsReview({ phase, reviews, change, closed }: TaskState): boolean {
  if (reviews.waiting.length === 0 || change === null || closed !== null) return false;
  return phase.name === "ready" || (phase.name === "needs_review" && isOpenToWords(phase));
}

/** What waits is given to the agent in the turn that begins; of very many the rest is for the next. */
export function giveReviews({ reviews, pushed }: TaskState): Reviews {
  if (reviews.waiting.length === 0) return reviews;
  const given = reviews.waiting
    .slice(0, mostAtOnce)
    .map((comment) => ({ ...comment, told: false, on: pushed }));
  const waiting = reviews.waiting.slice(mostAtOnce);
  return { ...reviews, waiting, open: [...reviews.open, ...given] };
}

const mostAtOnce = 50;

/** The green commit that somebody has merged by hand, at a moment when the task waits for a person; else null. */
export function mergedByHand({ phase, closed, green, pushed }: TaskState): Sha | null {
  const sha = closed?.merged ?? null;
  const waits = phase.name === "ready" || phase.name === "needs_review";
  return waits && sha === green && sha === pushed ? sha : null;
}

/** `2 review comments`, or empty for none. */
export function commentCount(count: number): string {
  return count === 0 ? "" : `${count} review comment${count === 1 ? "" : "s"}`;
}

/** A budget that is spent, a branch or CI that a person must mend: a comment changes nothing of that. */
function isOpenToWords({ reason }: Extract<Phase, { name: "needs_review" }>): boolean {
  return ofTheChange.has(reason);
}

const ofTheChange = new Set<ReviewReason>([
  "blocked",
  "conflict",
  "done_already",
  "held",
  "merge_refused",
  "no_change",
  "no_progress",
  "stalled",
]);
