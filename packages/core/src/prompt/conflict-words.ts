import type { Task } from "../task.ts";
import { fenced, untrusted } from "./fence.ts";

/** What an agent is told whose change no longer fits its base. `where`: the files, and the newest commit of the base. */
export function conflictWords({ branch }: Pick<Task, "branch">, where: string): string {
  return [
    `The change on branch ${branch}, which is checked out in this folder, conflicts with the newest commit of its base, which is named below and is here already. Merge that commit into the branch and resolve the conflicts: what others did on the base stays whole, and the change does on top of it what was asked. Read the history of both sides before you choose; never take one side of a file unseen. Leave no conflict marker, and change nothing beyond the merge.`,
    untrusted("where they conflict"),
    fenced(where),
  ].join("\n\n");
}
