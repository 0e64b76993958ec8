import { shortId } from "../scalars.ts";
import type { Task } from "../task.ts";

/** How a pull request is tied to the issue that its task is for. */
export type IssueLink = "closes" | "refs" | "no";

/** The line of a pull request's text by which GitHub ties it to the issue; empty for none. */
export function issueLink({ issue }: Pick<Task, "issue">, link: IssueLink): string {
  if (issue === undefined || link === "no") return "";
  return `${link === "closes" ? "Closes" : "Refs"} #${issue}`;
}

/** What the issue is told when the work on it begins. `byComment`: the task hears commands. */
export function issueBegunText(
  { id, branch, agent }: Pick<Task, "id" | "branch" | "agent">,
  { byComment }: { byComment: boolean },
): string {
  const short = shortId(id);
  const stop = byComment
    ? `\`/ampx abort\` here, or \`ampx abort ${short}\`, ends it; \`/ampx\` and words tell it more.`
    : `\`ampx abort ${short}\` ends it.`;
  return `ampx task \`${short}\` works on this with ${agent}, on the branch \`${branch}\`. ${stop}`;
}
