import { undoOfHeld, wayOn } from "./can-continue.ts";
import { startsReview } from "./review.ts";
import type { Instant } from "./scalars.ts";
import { impossible, to } from "./state-change.ts";
import type { TaskEvent } from "./task-event.ts";
import { coding, freshBrief, type Phase, type TaskState } from "./task-state.ts";

type ReviewEvent = Extract<
  TaskEvent,
  { type: "review_received" | "review_accepted" | "review_answered" | "change_closed" }
>;

/** What people say and do where the change is looked at. */
export function evolveReview(state: TaskState, event: ReviewEvent): TaskState {
  const { reviews } = state;
  switch (event.type) {
    case "review_received": {
      // Looked at twice, or by two workers: what is known is known.
      const fresh = new Map(event.comments.map((comment) => [comment.key, comment]));
      for (const key of reviews.received) fresh.delete(key);
      const received = [...reviews.received, ...fresh.keys()];
      const waiting = [...reviews.waiting, ...fresh.values()];
      return { ...state, reviews: { ...reviews, received, waiting } };
    }
    case "review_accepted": {
      if (!startsReview(state)) throw impossible(state, event);
      // People have spoken, as with `continue`, but none of them has granted anything.
      return {
        ...to(state, toAgent(state, event.at)),
        held: null,
        told: [],
        approach: { after: state.attempts.length, fresh: false },
      };
    }
    case "review_answered": {
      const answered = new Set(event.keys);
      const open = reviews.open.filter(({ key }) => !answered.has(key));
      return { ...state, reviews: { ...reviews, open } };
    }
    case "change_closed": {
      const { at, by, merged } = event;
      return { ...state, closed: { at, by, merged } };
    }
  }
}

/** Beside the comments the agent is told what else stands in the way: what the gate holds, a conflict. */
function toAgent(state: TaskState, at: Instant): Phase {
  const way = wayOn(state, { words: [], allow: [] }, at);
  if (way.to.name === "coding") return way.to;
  return coding({ ...freshBrief, undo: undoOfHeld(state, []) });
}
