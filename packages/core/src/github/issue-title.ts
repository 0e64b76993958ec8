import { titleOf } from "../branch-name.ts";
import { oneLine } from "../one-line.ts";
import { withoutCalls } from "./without-calls.ts";

/**
 * The title of an issue, by whoever opened it, as that of a task. It goes into commit messages, where GitHub would obey it: nothing in it closes
 * another issue, calls a person or keeps CI from running. Empty where nothing of it can be seen.
 */
export function issueTitle(title: string): string {
  const line = oneLine(title.replaceAll(/\p{Cf}/gu, ""), { maxChars: 1_000 });
  return titleOf(
    withoutCalls(line).replaceAll(/\[((?:skip|no) (?:ci|actions)|(?:ci|actions) skip)\]/gi, "($1)"),
  );
}
