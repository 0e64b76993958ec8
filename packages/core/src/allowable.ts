import { ruleNames } from "./tamper/rule-words.ts";
import type { TaskState } from "./task-state.ts";

/**
 * What a person may let through for a task, as `--allow` and the API name it: rules of the tamper gate; `base_is_red`, to work on a red base;
 * `overlaps`, not to wait for an earlier task that changes the same files.
 */
export const allowable = ["base_is_red", "overlaps", ...ruleNames] as const;

/** Whether it was let through, be it in words that the task has yet to take up. */
export function isAllowed(
  { allowed, requests }: Pick<TaskState, "allowed" | "requests">,
  what: (typeof allowable)[number],
): boolean {
  return allowed.includes(what) || requests.words.some(({ allow }) => allow.includes(what));
}
