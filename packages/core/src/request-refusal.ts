import { mergeable } from "./mergeable.ts";
import { lockOf } from "./projection.ts";
import { shortId } from "./scalars.ts";
import type { RequestEvent } from "./task-event.ts";
import type { TaskState } from "./task-state.ts";
import { notGreen } from "./waiting.ts";

/** `tryThis` null: what is asked for is asked for already, and nothing needs to be written. */
export interface RequestRefusal {
  reason: string;
  tryThis: string | null;
}

/** What `decide` would refuse anyway is refused at once, so that whoever asks learns it. */
export function requestRefusal(event: RequestEvent, state: TaskState): RequestRefusal | null {
  const { phase, requests, task } = state;
  const pending: RequestRefusal = { reason: "it is asked for already", tryThis: null };
  const id = shortId(task.id);
  switch (event.type) {
    case "abort_requested":
      if (phase.name === "merged")
        return { reason: "it is merged already", tryThis: "a new task that takes the change back" };
      if (phase.name === "aborted")
        return {
          reason: "it is aborted already",
          tryThis: `ampx continue ${id} -m "…" to take it up again`,
        };
      return requests.abort === null ? null : pending;
    case "merge_requested":
      if (phase.name === "merged")
        return { reason: "it is merged already", tryThis: `ampx show ${id}` };
      if (waitsForPerson(state) && mergeable(state) === null)
        return {
          reason: notGreen(state),
          tryThis: `ampx continue ${id} -m "…"`,
        };
      return requests.merge === null ? null : pending;
    case "continue_requested":
      if (phase.name === "merged") return { reason: "it is merged already", tryThis: "a new task" };
      if (
        event.text === "" &&
        event.allow.length === 0 &&
        event.budget === undefined &&
        !waitsForPerson(state) &&
        !waitsForTurn(state)
      )
        return {
          reason: "it waits for nobody: say what it shall do",
          tryThis: `ampx continue ${id} -m "…"`,
        };
      // Sent again by a client that did not see the answer.
      return requests.words.some((said) => isSame(said, event)) ? pending : null;
    case "permission_answered":
      return isOpen(state, event.ask)
        ? null
        : { reason: "the agent does not ask for this, or no more", tryThis: `ampx show ${id}` };
    case "attach_requested":
      if (requests.attach?.by === event.by) return pending;
      if (requests.attach !== null)
        return {
          reason: `${requests.attach.by} works in the worktree`,
          tryThis: `ampx attach ${id} --leave when they have left without a word`,
        };
      if (phase.name === "merged")
        return { reason: "it is merged already", tryThis: `ampx show ${id}` };
      // All merges into the branch would wait for the person, also where the forge wants it put on the newest base first.
      return lockOf(state) === null && phase.name !== "awaiting_merge"
        ? null
        : { reason: "it is being merged", tryThis: `ampx logs -f ${id}` };
    case "detach_requested":
      return requests.attach === null ? pending : null;
    // What happened elsewhere is told, not asked for: it is refused only where it is known.
    case "review_received": {
      if (phase.name === "merged") return { reason: "it is merged already", tryThis: null };
      const known = new Set(state.reviews.received);
      return event.comments.every(({ key }) => known.has(key)) ? pending : null;
    }
    case "locks_released":
      return state.locks.length > 0 ? null : { reason: "it holds no lock", tryThis: "ampx locks" };
    case "change_closed":
      return state.closed === null && phase.name !== "merged" ? null : pending;
  }
}

function isSame(
  said: TaskState["requests"]["words"][number],
  asked: Extract<RequestEvent, { type: "continue_requested" }>,
): boolean {
  const wish = ({ by, text, allow, interrupt = false, budget = {} }: typeof asked | typeof said) =>
    JSON.stringify([by, text, allow, interrupt, budget]);
  return wish(said) === wish(asked);
}

function isOpen({ phase }: TaskState, ask: number): boolean {
  return (
    phase.name === "coding" &&
    phase.turn?.asks.some(({ id, answer }) => id === ask && answer === null) === true
  );
}

/** Only what waits for a person can go on without a word. */
function waitsForPerson({ phase: { name } }: TaskState): boolean {
  return name === "needs_review" || name === "aborted" || name === "error";
}

/** It may wait for its agent, which a person can say to try now. */
function waitsForTurn({ phase }: TaskState): boolean {
  return phase.name === "coding" && phase.turn === null;
}
