import { isAtRest, requestRefusal, type TaskId } from "@ampx/core";
import type { z } from "zod";
import type { WholePull } from "../answers/index.ts";
import type { InboxScope } from "./watch.ts";

type Ended = z.output<typeof WholePull> & { merged_by?: { login: string } | null | undefined };

/** Tells the task that its pull request was merged or closed, unless ampx is at it itself: then the task learns of it there. */
export async function noteClosed(
  { store, clock }: InboxScope,
  id: TaskId,
  pull: Ended,
): Promise<void> {
  const event = {
    type: "change_closed" as const,
    at: clock.now(),
    by: pull.merged_by?.login ?? null,
    merged: typeof pull.merged_at === "string" ? pull.head.sha : null,
  };
  await store.request(id, event, (state) => {
    // One that works on it opens another one when it is done, or finds it merged.
    if (!isAtRest(state) || state.requests.merge !== null) return "it is being worked on";
    return requestRefusal(event, state)?.reason ?? null;
  });
}
