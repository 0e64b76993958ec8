import type { TaskDetail } from "@ampx/core";
import { UserError } from "@ampx/core/user-error";
import { plain } from "./render/paint.ts";
import { asksText } from "./render/task-asks.ts";

/** What is answered: the ask of this number, or the only one. Throws a `UserError` that lists what is open when that is neither. */
export function openAsk(
  task: Pick<TaskDetail, "asks" | "short_id">,
  given: string | undefined,
): TaskDetail["asks"][number] {
  const [only, second] = task.asks;
  const id = task.short_id;
  if (only === undefined)
    throw new UserError(`The agent of ${id} asks for nothing`, {
      kind: "conflict",
      tryThis: `ampx show ${id}`,
    });
  if (given === undefined && second === undefined) return only;
  const meant = task.asks.find(({ id: number }) => String(number) === given);
  if (meant !== undefined) return meant;
  const reason =
    given === undefined
      ? `The agent of ${id} asks for ${task.asks.length} things`
      : `The agent of ${id} does not ask for ${JSON.stringify(given)}, or no more`;
  throw new UserError(`${reason}\n${asksText(task, plain)}`, {
    kind: given === undefined ? "invalid" : "not_found",
    tryThis: `ampx answer ${id} ${only.id} --allow, or --deny`,
  });
}
