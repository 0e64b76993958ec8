import { bareLine } from "./bare-line.ts";
import { append, fill, type draftCollector, type Draft, type Groups } from "./drafts.ts";
import { literalIndex } from "./literal-index.ts";
import type { Note } from "./notes.ts";
import {
  type Above,
  byOrder,
  type Head,
  headOf,
  nothingKnown,
  type Open,
  type State,
  withDefaults,
} from "./tool-state.ts";
import type { LineRule, LogTool } from "./tool.ts";

/** Asks the tools about each line of output, and writes on the note what they say. */
interface ToolReader {
  take(note: Note, above: Above): void;
  /** A blank line. */
  blank(): void;
  /** What is open is closed: another step begins. */
  close(): void;
}

export function toolReader(
  tools: readonly LogTool[],
  drafts: Pick<ReturnType<typeof draftCollector>, "add">,
): ToolReader {
  const states = tools.map((tool, order): State => ({ tool, order, ...nothingKnown }));
  const hintsOf = literalIndex(tools.map(({ hints }) => hints));
  const hinted: State[] = [];
  let opened: State[] = [];

  function hint(found: number): void {
    const state = states[found];
    if (state !== undefined && !hinted.includes(state)) hinted.push(state);
  }

  function take(note: Note, above: Above): void {
    hinted.length = 0;
    hintsOf(note.text, hint);
    if (hinted.length === 0 && opened.length === 0) return;
    const line = bareLine(note.text);
    note.focus = note.text.length - line.length;
    if (opened.length > 0) {
      closeAt(line);
      for (const { open } of opened) if (open !== null) open.lines++;
    }
    for (const state of candidates()) {
      if (takenBy(state, note, line, above)) return settle();
    }
    const [inside] = opened.flatMap(({ open }) => open ?? []);
    if (inside !== undefined) belongTo(inside, note);
    settle();
  }

  /** Those to ask, in their order. What a failure opened is closed to the others. */
  function candidates(): readonly State[] {
    if (opened.length === 0) return hinted.length > 1 ? hinted.toSorted(byOrder) : hinted;
    const holder = opened.find(
      ({ tool, open }) => (open?.draft ?? null) !== null && tool.isFallback !== true,
    );
    if (holder !== undefined) return [holder];
    return [...new Set([...hinted, ...opened])].toSorted(byOrder);
  }

  function closeAt(line: string): void {
    for (const state of opened)
      if (
        state.open !== null &&
        (state.open.lines >= state.open.most || state.open.until?.test(line) === true)
      )
        state.open = null;
    settle();
  }

  function settle(): void {
    if (opened.length === 0) return;
    opened = opened.filter(({ open }) => open !== null).toSorted(byOrder);
  }

  function takenBy(state: State, note: Note, line: string, above: Above): boolean {
    const isHinted = hinted.includes(state);
    for (const rule of state.tool.rules) {
      if (rule.within === true ? state.open === null : !isHinted) continue;
      if (rule.is === "detail" && state.open === null) continue;
      const match = rule.line.exec(line);
      if (match === null) continue;
      const head = headOf(rule, above);
      if (rule.needsAbove === true && head === null) continue;
      apply(state, rule, match, note, line, head);
      return true;
    }
    return false;
  }

  function apply(
    state: State,
    rule: LineRule,
    match: RegExpExecArray,
    note: Note,
    line: string,
    head: Head | null,
  ): void {
    const groups: Groups = match.groups ?? {};
    if (groups.message !== undefined) note.focus += Math.max(0, line.indexOf(groups.message));
    switch (rule.is) {
      case "noise":
        note.role = "noise";
        if (rule.retracts === true && state.open !== null && state.open.draft !== null)
          state.open.draft.isRetracted = true;
        return;
      case "end":
        Object.assign(state, nothingKnown);
        return;
      case "early":
        note.role = "detail";
        state.early = [...state.early.slice(-11), { note, groups, rule }];
        return;
      case "place":
        Object.assign(state, { place: groups, placeNote: note, early: [] });
        begin(state, rule, null);
        return;
      case "detail":
        note.role = "detail";
        note.draft = state.open?.draft ?? null;
        note.distance = match.groups === undefined ? 1 : 0;
        if (note.draft !== null) (rule.appends === true ? append : fill)(note.draft, groups);
        begin(state, rule, note.draft);
        return;
      case "block":
      case "echo":
      case "summary":
        note.role = rule.is;
        note.distance = 0;
        if (rule.is === "summary" && rule.within !== true) state.open = null;
        begin(state, rule, null);
        return;
      case "failure":
        if (head !== null) [state.place, state.placeNote] = [head.groups, head.note];
        note.role = "title";
        note.draft = drafts.add(
          state.tool,
          rule,
          note.step,
          line,
          withDefaults(groups, state.place),
        );
        if (state.placeNote !== null && (state.placeNote.draft?.tool.isFallback ?? true)) {
          state.placeNote.draft = note.draft;
          state.placeNote.role = "title";
        }
        for (const early of state.early) {
          early.note.draft = note.draft;
          (early.rule.appends === true ? append : fill)(note.draft, early.groups);
        }
        state.early = [];
        if (rule.needsAbove === true) [state.place, state.placeNote] = [{}, null];
        begin(state, rule, note.draft);
    }
  }

  function begin(state: State, { opens }: LineRule, draft: Draft | null): void {
    if (opens === undefined) return;
    state.open = { most: opens.lines, until: opens.until, draft, lines: 0 };
    if (!opened.includes(state)) opened.push(state);
  }

  return {
    take,
    blank: () => {
      if (opened.length > 0) closeAt("");
    },
    close: () => {
      for (const state of states) Object.assign(state, nothingKnown);
      opened = [];
    },
  };
}

function belongTo(open: Open, note: Note): void {
  note.role = "block";
  note.draft = open.draft;
  note.distance = open.lines;
}
