import type { ChangedFile, ChangeSet } from "../change-set.ts";
import { above } from "../forms/added-lines.ts";
import type { Line } from "../lines.ts";
import { type Place, rule } from "../rule.ts";

const checks =
  "tests?|specs?|lint|check|types?|typecheck|type-check|tsc|ci|verify|validate|coverage|cov|build|format|fmt|e2e|unit|integration|audit|cs|stan|phpstan|phpunit|psalm|qa|analy[sz]e|preflight";
/** A script of package.json and the like that others rely on; the second group is its beginning. */
const script = new RegExp(
  `^\\s*"((?:pre|post)?(?:${checks}|install|prepare|commit|push)(?:[:._-][\\w:.-]{1,60})?)"\\s{0,4}:\\s{0,4}(\\[|"[^"]{0,30})`,
);
/** Runs by itself, so that even a new one is somebody's business. */
const unasked =
  /^(?:(?:pre|post)(?:test|lint|check|ci|build|install|type|verify|commit|push|coverage)|prepare$)/;
const version =
  /^"(?:[\^~<>=*v]{0,3}\d|workspace:|npm:|file:|link:|catalog:|git[+:]|https?:|\*|latest)/;
/** A target of a Makefile or a justfile. */
const target = /^([\w./%-]{1,60})(?:\s[^:=]{0,100})?:(?!=)/;
const checkTarget = new RegExp(`^(?:\\w{1,20}[-_:/])?(?:${checks})(?:[-_:/.]\\w{1,40})?$`);

export const scriptsChanged = rule({
  name: "scripts_changed",
  verdict: "hold",
  what: "A script that tests, checks or builds was changed.",
  undo: "Leave the scripts of tests and checks as they were.",
  patterns: [script, unasked, version, target, checkTarget],
  *find(change) {
    yield* manifestScripts(change);
    yield* targets(change);
  },
});

function* manifestScripts(change: ChangeSet): Iterable<Place> {
  for (const file of change.files) {
    if (!/(?:^|\/)(?:package|composer|deno|project|turbo|nx)\.jsonc?$/.test(file.path)) continue;
    if (file.status === "added" || file.status === "deleted") continue;
    const lines = file.hunks.flat().flatMap((line) => {
      const [, name, beginning = ""] = line.op === " " ? [] : (script.exec(line.text) ?? []);
      return name === undefined || version.test(beginning)
        ? []
        : [{ name, line, text: line.text.trim().replace(/,$/, "") }];
    });
    const removed = new Set(lines.filter(({ line }) => line.op === "-").map(({ text }) => text));
    const added = new Set(lines.filter(({ line }) => line.op === "+").map(({ text }) => text));
    const changed = new Set<string>();
    for (const { name, line, text } of lines) {
      if ((line.op === "-" ? added : removed).has(text)) continue;
      if (line.op === "-") changed.add(name);
      const isNew = line.op === "+" && !changed.has(name);
      if (isNew && !unasked.test(name)) continue;
      if (line.op === "-" && lines.some((other) => other.line.op === "+" && other.name === name))
        continue;
      yield { file: file.path, line: line.number, evidence: `${line.op} ${line.text.trim()}` };
    }
  }
}

function* targets(change: ChangeSet): Iterable<Place> {
  for (const file of change.files) {
    if (!isMake(file) || file.status === "added") continue;
    for (const hunk of file.hunks)
      for (const [index, line] of hunk.entries()) {
        if (line.op === " " || line.isMoved || line.text.trim() === "" || /^\s*#/.test(line.text))
          continue;
        const within = targetOf(line) ?? enclosing(hunk, index, line.op);
        if (within === null || !checkTarget.test(within.name) || within.isNew) continue;
        yield { file: file.path, line: line.number, evidence: `${line.op} ${line.text.trim()}` };
      }
  }
}

function isMake({ path }: ChangedFile): boolean {
  return /(?:^|\/)(?:(?:GNU)?[mM]akefile(?:\.\w+)?|[jJ]ustfile)$|\.mk$/.test(path);
}

function targetOf({ text, op }: Line): { name: string; isNew: boolean } | null {
  const name = target.exec(text)?.[1];
  return name === undefined ? null : { name, isNew: op === "+" };
}

function enclosing(
  hunk: readonly Line[],
  index: number,
  op: Line["op"],
): { name: string; isNew: boolean } | null {
  const lines =
    op === "-"
      ? hunk
          .slice(0, index)
          .toReversed()
          .filter((line) => line.op !== "+")
      : above(hunk, index);
  for (const line of lines) {
    const found = targetOf(line);
    if (found !== null) return found;
    if (/^\S/.test(line.text)) return null;
  }
  return null;
}
