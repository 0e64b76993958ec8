import { parseDiff } from "./diff.ts";

/** The files that a diff touches; of a renamed one, both paths. Each once. */
export function changedPaths(diff: string): string[] {
  return [...new Set(parseDiff(diff).flatMap(({ oldPath, path }) => [oldPath, path]))];
}
