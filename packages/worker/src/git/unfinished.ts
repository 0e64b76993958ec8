import { join } from "node:path";
import { kindOf, type Worktree } from "./worktree.ts";

/** What git calls an operation in progress. */
export type Operation = "rebase" | "am" | "merge" | "cherry-pick" | "revert" | "bisect";

/** The operation that somebody began in this worktree and did not end. */
export async function unfinishedOperation({ adminDir }: Worktree): Promise<Operation | null> {
  for (const [file, operation] of signs) {
    if ((await kindOf(join(adminDir, file))) !== "absent") return operation;
  }
  return null;
}

/** In this order: a rebase that stopped at a conflict shows the sign of a cherry-pick as well. */
const signs: [file: string, operation: Operation][] = [
  ["rebase-merge", "rebase"],
  ["rebase-apply/applying", "am"],
  ["rebase-apply", "rebase"],
  ["MERGE_HEAD", "merge"],
  ["CHERRY_PICK_HEAD", "cherry-pick"],
  ["REVERT_HEAD", "revert"],
  ["BISECT_LOG", "bisect"],
];
