import type { ChangedFile, ChangeSet } from "../change-set.ts";
import type { Place } from "../rule.ts";

/** Files that the change touches, in more than comments and the order of lines. */
export function* touchedFiles(
  change: ChangeSet,
  fits: (file: ChangedFile) => boolean,
): Iterable<Place> {
  for (const file of change.files) {
    if (!fits(file)) continue;
    const lines = file.hunks.flat().filter((line) => line.op !== " ");
    const first = lines.find((line) => !line.isMoved && !line.isComment && line.text.trim() !== "");
    if (first !== undefined)
      yield { file: file.path, line: first.number, evidence: `${first.op} ${first.text.trim()}` };
    else if (lines.length === 0 || file.status !== "modified")
      yield { file: file.path, line: null, evidence: `the file was ${wordOf(file)}` };
  }
}

export function wordOf({ status, oldPath }: ChangedFile): string {
  return status === "renamed" || status === "copied" ? `${status} from ${oldPath}` : status;
}
