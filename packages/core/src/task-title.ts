import { issueTitle } from "./github/issue-title.ts";
import { issueName } from "./new-task.ts";
import type { TaskState } from "./task-state.ts";

/** One line for people: as given, or the issue's own title once that was read. */
export function taskTitle({ task, issue }: Pick<TaskState, "task" | "issue">): string {
  const isUnread = task.issue !== undefined && task.title === issueName(task.issue);
  const title = isUnread ? issueTitle(issue?.title ?? "") : "";
  return title === "" ? task.title : title;
}
