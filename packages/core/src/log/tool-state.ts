import { bareLine } from "./bare-line.ts";
import type { Draft, Groups } from "./drafts.ts";
import type { Note } from "./notes.ts";
import type { LineRule, LogTool } from "./tool.ts";

/** Up to three lines, the nearest last. */
export type Above = readonly (Note | undefined)[];

/** What a tool is in the middle of. */
export interface State {
  readonly tool: LogTool;
  readonly order: number;
  open: Open | null;
  place: Groups;
  /** The line that told the place, until a failure has it. */
  placeNote: Note | null;
  /** Details whose failure is still to come. */
  early: readonly { note: Note; groups: Groups; rule: LineRule }[];
}

export const nothingKnown = { open: null, place: {}, placeNote: null, early: [] };

export function byOrder(a: State, b: State): number {
  return a.order - b.order;
}

/** A block whose lines are still coming. */
export interface Open {
  readonly most: number;
  readonly until: RegExp | undefined;
  readonly draft: Draft | null;
  /** So far. */
  lines: number;
}

export function withDefaults(groups: Groups, { test, file, line, message }: Groups): Groups {
  return {
    test: groups.test ?? test,
    file: groups.file ?? file,
    line: groups.line ?? (groups.file === undefined ? line : undefined),
    message: groups.message ?? message,
  };
}

/** A line above that says what the lines below it are about. */
export interface Head {
  readonly note: Note;
  readonly groups: Groups;
}

export function headOf({ above: heading }: LineRule, above: Above): Head | null {
  if (heading === undefined) return null;
  for (const note of above.toReversed()) {
    if (note === undefined) continue;
    const match = heading.exec(bareLine(note.text));
    if (match !== null) return { note, groups: match.groups ?? {} };
  }
  return null;
}
