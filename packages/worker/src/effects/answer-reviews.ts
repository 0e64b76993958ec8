import { reviewAnswer, type Sha } from "@ampx/core";
import type { TaskContext } from "../loop/task-context.ts";

/** Tells people what became of their comments: the commit that answers them, or, where none came of them, what the agent says. */
export async function answerReviews(context: TaskContext, sha: Sha): Promise<void> {
  const { reviews, attempts } = context.state;
  const told = reviews.open.filter((comment) => comment.told);
  const said = attempts.at(-1)?.said ?? "";
  for (const commit of [sha, null]) {
    const answered = told.filter(({ on }) => (on === sha) === (commit === null));
    if (answered.length === 0) continue;
    const text = context.redact(reviewAnswer({ commit, said }));
    await context.ports.forge.answer?.(answered, text, context.signal);
    const keys = answered.map(({ key }) => key);
    await context.record({ type: "review_answered", at: context.clock.now(), keys, commit });
  }
}
