import { gitPath, headerPaths } from "./diff-path.ts";

/** One file of a diff. */
export interface FileChange {
  path: string;
  /** Before a rename or copy; else the same as `path`. */
  oldPath: string;
  status: "added" | "deleted" | "modified" | "renamed" | "copied";
  isBinary: boolean;
  /** The mode after the change (before it, of a deleted file), such as 100644; null where git does not say. */
  mode: string | null;
  hunks: Hunk[];
}

export interface Hunk {
  oldStart: number;
  newStart: number;
  /** What git prints behind the second `@@`: the line that opens the function, as far as it can tell. */
  heading: string;
  lines: DiffLine[];
}

export interface DiffLine {
  op: " " | "+" | "-";
  text: string;
  /** 1-based; null where the side does not have the line. */
  oldLine: number | null;
  newLine: number | null;
}

/**
 * Reads what `git diff` prints. Total: what it cannot read it skips, and a diff that was cut off gives what was there. Lines of a hunk are counted by
 * its header, so that nothing in a file can pass for a header. Ours because the libraries drop what rules need (modes, headings) or throw.
 */
export function parseDiff(diff: string): FileChange[] {
  const files: FileChange[] = [];
  let file: FileChange | undefined;
  let from = 0;
  const next = (): string => {
    const end = diff.indexOf("\n", from);
    const line = diff.slice(from, end === -1 ? diff.length : end);
    from = end === -1 ? diff.length : end + 1;
    return line;
  };

  while (from < diff.length) {
    const line = next();
    if (line.startsWith("diff --git ")) {
      const [oldPath, path] = headerPaths(line.slice("diff --git ".length));
      file = { path, oldPath, status: "modified", isBinary: false, mode: null, hunks: [] };
      files.push(file);
      continue;
    }
    if (file === undefined) continue;
    const range = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)/.exec(line);
    if (range === null) readHeader(file, line);
    else file.hunks.push(readHunk(range, next, () => from < diff.length));
  }
  return files;
}

function readHeader(file: FileChange, line: string): void {
  const after = (words: string): string | null =>
    line.startsWith(words) ? line.slice(words.length) : null;
  const mode =
    after("new file mode ") ??
    after("deleted file mode ") ??
    after("new mode ") ??
    /^index [0-9a-f]+\.\.[0-9a-f]+ (\d{6})$/.exec(line)?.[1];
  if (mode !== undefined && mode !== null) file.mode = mode;
  if (line.startsWith("new file mode ")) file.status = "added";
  if (line.startsWith("deleted file mode ")) file.status = "deleted";
  const from = after("rename from ") ?? after("copy from ");
  if (from !== null) {
    file.oldPath = gitPath(from);
    file.status = line.startsWith("rename") ? "renamed" : "copied";
  }
  const to = after("rename to ") ?? after("copy to ");
  if (to !== null) file.path = gitPath(to);
  const before = after("--- ");
  if (before !== null && before !== "/dev/null") file.oldPath = sidePath(before);
  const now = after("+++ ");
  if (now !== null && now !== "/dev/null") file.path = sidePath(now);
  if (file.status === "added") file.oldPath = file.path;
  if (file.status === "deleted") file.path = file.oldPath;
  if (line.startsWith("Binary files ") || line === "GIT binary patch") file.isBinary = true;
}

/** `a/path`, with a tab behind it where the path has a space. */
function sidePath(text: string): string {
  return gitPath(text.endsWith("\t") ? text.slice(0, -1) : text).slice(2);
}

function readHunk(range: RegExpExecArray, next: () => string, more: () => boolean): Hunk {
  const [oldStart, newStart] = [Number(range[1]), Number(range[3])];
  const hunk: Hunk = { oldStart, newStart, heading: range[5] ?? "", lines: [] };
  const oldEnd = oldStart + Number(range[2] ?? 1);
  const newEnd = newStart + Number(range[4] ?? 1);
  let [oldLine, newLine] = [oldStart, newStart];
  while ((oldLine < oldEnd || newLine < newEnd) && more()) {
    const line = next();
    const op = line[0];
    if (op === "\\") continue;
    const text = line.endsWith("\r") ? line.slice(1, -1) : line.slice(1);
    if (op === "+") hunk.lines.push({ op, text, oldLine: null, newLine: newLine++ });
    else if (op === "-") hunk.lines.push({ op, text, oldLine: oldLine++, newLine: null });
    else hunk.lines.push({ op: " ", text, oldLine: oldLine++, newLine: newLine++ });
  }
  return hunk;
}
