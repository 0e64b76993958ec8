import { oneLine } from "../one-line.ts";
import { withoutCheckout } from "./checkout-folder.ts";
import { type Failure, fingerprint } from "./failure.ts";
import type { Step } from "./steps.ts";
import type { LineRule, LogTool } from "./tool.ts";

/** A failure as far as it was read. */
export interface Draft {
  readonly tool: LogTool;
  readonly step: Step;
  kind: Failure["kind"];
  /** The rules that told of it. */
  readonly rules: Set<LineRule>;
  /** The line that told of it first. */
  readonly title: string;
  test?: string;
  file?: string;
  line?: number;
  message?: string;
  /** It was none after all. */
  isRetracted?: true;
}

/** The failures of a log. Holds on to few of the like of millions: the first, and of those without a tool of their own the newest too. */
export function draftCollector(): {
  /** The draft that these groups belong to: one that is known by another name, or a new one. */
  add(tool: LogTool, rule: LineRule, step: Step, title: string, groups: Groups): Draft;
  all(): Draft[];
} {
  const byTest = new Map<string, Draft[]>();
  const first: Draft[] = [];
  let older: Draft[] = [];
  let newer: Draft[] = [];

  function known(tool: LogTool, rule: LineRule, step: Step, groups: Groups): Draft | undefined {
    if (groups.test === undefined) return undefined;
    const names = namesOf(groups.test);
    const alike = byTest.get(`${tool.name}\u0000${names.at(-1) ?? ""}`) ?? [];
    return alike.find(
      (draft) =>
        draft.step === step &&
        (draft.rules.has(rule)
          ? draft.test === groups.test &&
            (draft.file ?? groups.file) === (groups.file ?? draft.file)
          : endsAlike(namesOf(draft.test ?? ""), names)),
    );
  }

  function keep(draft: Draft): void {
    if (first.length < maxFirst) first.push(draft);
    else {
      newer.push(draft);
      if (newer.length >= maxNewest) [older, newer] = [newer, []];
    }
    const name = namesOf(draft.test ?? "").at(-1);
    if (name === undefined || byTest.size > maxFirst) return;
    const key = `${draft.tool.name}\u0000${name}`;
    const alike = byTest.get(key) ?? [];
    if (alike.length < 100) byTest.set(key, [...alike, draft]);
  }

  return {
    add: (tool, rule, step, title, groups) => {
      const old = known(tool, rule, step, groups);
      if (old !== undefined) {
        old.rules.add(rule);
        rename(old, groups);
        fill(old, groups);
        return old;
      }
      const kind = rule.kind ?? tool.kind;
      const draft: Draft = { tool, step, kind, rules: new Set([rule]), title };
      fill(draft, groups);
      keep(draft);
      return draft;
    },
    all: () => [...first, ...older, ...newer],
  };
}

/** What the named groups of a rule hold. */
export type Groups = Readonly<
  Partial<Record<"test" | "file" | "line" | "message", string | undefined>>
>;

/** Adds what the draft does not know yet. */
export function fill(draft: Draft, { test, file, line, message }: Groups): void {
  if (test) draft.test ??= test.trim().slice(0, 500);
  if (file && draft.file === undefined) {
    draft.file = withoutCheckout(file);
    if (line && Number(line) > 0) draft.line ??= Number(line);
  } else if (line && Number(line) > 0 && (!file || draft.file === withoutCheckout(file)))
    draft.line ??= Number(line);
  if (message?.trim()) draft.message ??= messageOf(message);
}

/** Puts more behind what the draft knows. */
export function append(draft: Draft, { test, message, ...rest }: Groups): void {
  if (test && draft.test !== undefined && draft.message === undefined)
    draft.test = `${draft.test} ${test.trim()}`.slice(0, 500);
  if (message?.trim())
    draft.message = messageOf([draft.message, message].filter(Boolean).join(" "));
  fill(draft, rest);
}

/** The longer name is the whole one, and it comes with the file of the test, where the draft may know a place in another file. */
function rename(draft: Draft, { test, file }: Groups): void {
  if (test !== undefined && test.length > (draft.test ?? "").length)
    draft.test = test.slice(0, 500);
  if (!file || draft.file === undefined || draft.file === withoutCheckout(file)) return;
  if (draft.file.endsWith(`/${withoutCheckout(file)}`) || file.endsWith(`/${draft.file}`)) return;
  draft.file = withoutCheckout(file);
  delete draft.line;
}

/**
 * In log order, distinct. Those of the fallback tools count only where no other tool found anything, and then the newest: one of them likely ended
 * the job.
 */
export function failuresOf(failed: readonly Draft[]): Failure[] {
  const exact = failed.filter(({ tool }) => tool.isFallback !== true);
  const drafts = exact.length > 0 ? exact : failed.slice(-maxGuesses);
  const distinct = new Map<string, Failure>();
  const parents = parentsOf(drafts);
  for (const draft of drafts) {
    if (parents.has(draft) || draft.isRetracted === true) continue;
    const { tool, kind, test, file, line, title } = draft;
    const failure: Failure = {
      tool: tool.name,
      kind,
      ...(test !== undefined && { test }),
      ...(file !== undefined && { file }),
      ...(line !== undefined && { line }),
      message: draft.message ?? messageOf(title),
    };
    const mark = fingerprint(failure);
    if (distinct.has(mark)) continue;
    distinct.set(mark, failure);
    if (distinct.size === maxFailures) break;
  }
  return [...distinct.values()];
}

/** Suites that failed only because a test in them did, and say nothing of their own. */
function parentsOf(drafts: readonly Draft[]): Set<Draft> {
  const names = new Set<string>();
  for (const { tool, test = "" } of drafts)
    for (const { index } of test.matchAll(/\/| [>›] /g))
      names.add(`${tool.name}\u0000${test.slice(0, index)}`);
  return new Set(
    drafts.filter(
      ({ tool, test, message }) => message === undefined && names.has(`${tool.name}\u0000${test}`),
    ),
  );
}

const maxFailures = 200;
const maxGuesses = 10;
const maxFirst = 2_000;
const maxNewest = 200;

function messageOf(text: string): string {
  return oneLine(text, { maxChars: 300 });
}

/** The parts of a test's name, from the outermost to its own. */
function namesOf(test: string): string[] {
  return test
    .split(/::|\s[›>»]\s|[.#](?=[A-Za-z_])/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function endsAlike(one: readonly string[], other: readonly string[]): boolean {
  const length = Math.min(one.length, other.length);
  return length > 0 && one.slice(-length).every((name, at) => name === other.slice(-length)[at]);
}
