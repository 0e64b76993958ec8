import type { TaskDetail } from "@ampx/core";
import type { Attached } from "../attach/attach.ts";
import { quoted } from "../completion/completed-command.ts";
import type { Paint } from "./paint.ts";
import { printableLine } from "./printable.ts";

/** Where the worktree is and how the agent is called there. `opens`: it is opened now; otherwise the person does it. */
export function attachedText(
  { task: { short_id: id }, worktree, command }: Pick<Attached, "task" | "worktree" | "command">,
  opens: boolean,
  paint: Paint,
): string {
  const line = command.map(word).join(" ");
  const mark = paint("green", "✓");
  if (opens)
    return [
      `${mark} ${id} is held for you until this ends: ${paint("bold", line)}`,
      `  in ${printableLine(worktree)}`,
      "",
    ].join("\n");
  return [
    `${mark} ${id} is held for you until ${paint("bold", `ampx attach ${id} --leave`)}`,
    `  cd ${word(worktree)}`,
    `  ${line}`,
  ].join("\n");
}

/** How the task goes on that was given back. */
export function leftText(
  { short_id: id, phase_facts: phase }: Pick<TaskDetail, "short_id" | "phase_facts">,
  paint: Paint,
): string {
  const isTakenUp = ["queued", "preparing", "coding", "rebasing"].includes(phase.name);
  return [
    `${paint("green", "✓")} ${id} is given back${isTakenUp ? ": its agent goes on with what lies in the worktree" : ""}`,
    isTakenUp
      ? `  tell it more: ampx continue ${id} -m "…"`
      : `  to hand over what you changed: ampx continue ${id} -m "…"`,
  ].join("\n");
}

/** A word of a command line, for a shell. */
function word(text: string): string {
  const line = printableLine(text);
  return /^[\w./:@%+=,~-]+$/.test(line) ? line : quoted(line);
}
