import type { ChangedFile } from "../change-set.ts";
import { type Place, rule } from "../rule.ts";

export const outsideRepository = rule({
  name: "outside_repository",
  verdict: "hold",
  what: "The change reaches outside the repository: a link, a submodule or git's own files.",
  undo: "Remove the link, submodule or file; keep to the files of the repository.",
  patterns: [],
  *find(change) {
    for (const file of change.files) {
      const found = file.status === "deleted" ? null : (reachesOut(file) ?? oddPath(file));
      if (found !== null) yield found;
    }
  },
});

function reachesOut(file: ChangedFile): Place | null {
  const line = file.hunks.flat().find(({ op }) => op === "+");
  if (file.mode === "160000" && line !== undefined)
    return { file: file.path, line: null, evidence: `submodule: ${line.text}` };
  if (file.path === ".gitmodules" && line !== undefined)
    return { file: file.path, line: line.number, evidence: line.text.trim() };
  if (file.mode !== "120000" || line === undefined || !leaves(file.path, line.text)) return null;
  return { file: file.path, line: 1, evidence: `link to ${line.text}` };
}

function leaves(link: string, target: string): boolean {
  if (/^(?:[/\\~]|[A-Za-z]:)/.test(target)) return true;
  let depth = link.split("/").length - 1;
  for (const part of target.split(/[/\\]/)) {
    if (part === "..") depth--;
    else if (part !== "." && part !== "") depth++;
    if (depth < 0) return true;
    if (part === ".git") return true;
  }
  return false;
}

function oddPath({ path, status }: ChangedFile): Place | null {
  const parts = path.split(/[/\\]/);
  const isOdd =
    parts.includes("..") || parts.some((part) => /^\.git$/i.test(part)) || path.startsWith("/");
  return isOdd ? { file: path, line: null, evidence: `the file was ${status}` } : null;
}
