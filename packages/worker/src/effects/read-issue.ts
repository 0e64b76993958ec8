import { issueBegunText, UserError } from "@ampx/core";
import type { TaskContext } from "../loop/task-context.ts";

/** In characters. A longer one is a manual, and would crowd out the task: of that, the beginning. */
const maxText = 20_000;

/**
 * What the issue says when the work begins is what the task is about, whatever becomes of it later. The issue is told of the work first: once it was
 * read, both are done. Nothing for a task without an issue.
 */
export async function readIssue(context: TaskContext): Promise<void> {
  const { ports, state, signal, clock, redact } = context;
  const { issue, project } = ports;
  const { task } = state;
  if (task.issue === undefined || state.issue !== null) return;
  if (issue === undefined)
    throw new UserError(`${task.repo} has no issues: it is not on the configured GitHub`, {
      kind: "invalid",
      tryThis: "a task without an issue, or github.url",
    });
  const { title, text } = await issue.read(signal);
  const begun = issueBegunText(task, { byComment: project.hearsCommands });
  await issue.tellBegun(redact(begun), signal);
  const said = { title: redact(title), text: redact(cut(text)) };
  await context.record({ type: "issue_read", at: clock.now(), ...said });
}

function cut(text: string): string {
  const whole = text.replaceAll("\0", "").toWellFormed();
  if (whole.length <= maxText) return whole;
  return `${whole.slice(0, maxText).toWellFormed()}\n(cut by ampx: the text has ${whole.length} characters)`;
}
