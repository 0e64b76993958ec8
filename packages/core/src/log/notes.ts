import type { Draft } from "./drafts.ts";
import type { Step } from "./steps.ts";

/** A line of the log that may come into the excerpt. */
export interface Note {
  /** Position in the log; blank lines and repetitions do not count. */
  readonly n: number;
  text: string;
  /** How often it stood there in a row. */
  times: number;
  readonly step: Step;
  role: NoteRole;
  /** The failure that it belongs to. */
  draft: Draft | null;
  /** For `block` and `context`: lines from the one that opened the block. */
  distance: number;
  /** Where in the text that begins what must not be cut away. */
  focus: number;
}

export type NoteRole =
  /** Begins a step or names the job. */
  | "start"
  | "script"
  | "command"
  | "job"
  /** What the CI system says of a failed step. */
  | "exit"
  | "title"
  | "detail"
  | "block"
  | "context"
  | "summary"
  | "echo"
  | "noise"
  /** An ordinary line. */
  | "output";

/**
 * Keeps the lines that may be wanted, of a log of any size: all of a short log, the beginning and the end of what each failed step has to say,
 * little of the steps that passed.
 */
export function notebook(): {
  /** Every line, in order. */
  see(note: Note): void;
  /** A line that was seen and matters. */
  keep(note: Note): void;
  /** The step of the lines so far is over. */
  endStep(): void;
  /** The newest lines of the step, at least 3 where there are. */
  all(): Notes;
} {
  const tail = newest<Note>(tailChars, sizeOf);
  const failed = firstAndNewest();
  const passed = newest<Note>(passedChars, sizeOf);
  let current = firstAndNewest();
  let start: Note[] | null = [];
  let startChars = 0;
  let last: Note | undefined;
  let job: Note | undefined;

  function keep(note: Note): void {
    flatten(note);
    if (note.role === "job") job = note;
    current.add(note);
  }

  function endStep(): void {
    if (last === undefined) return;
    const into = last.step.hasFailed ? failed : passed;
    for (const note of current.all()) into.add(note);
    for (const note of last.step.hasFailed ? tail.all() : []) {
      flatten(note);
      failed.add(note);
    }
    lastTail = tail.all();
    tail.clear();
    current = firstAndNewest();
  }

  let lastTail: readonly Note[] = [];

  return {
    see: (note) => {
      last = note;
      tail.add(note);
      if (start === null) return;
      start.push(note);
      startChars += sizeOf(note);
      if (startChars > wholeChars) start = null;
    },
    keep,
    endStep,
    all: () => {
      const head = job === undefined ? [] : [job];
      const anyFailed = last?.step.hasFailed === true || failed.all().length > 0;
      const open =
        last?.step.hasFailed === true || !anyFailed ? [...current.all(), ...tail.all()] : [];
      return {
        anyFailed,
        whole: start,
        failed: sorted(
          anyFailed ? [...head, ...failed.all(), ...open] : [...passed.all(), ...lastTail, ...open],
        ),
        passed: sorted(
          anyFailed ? [...passed.all(), ...(open.length > 0 ? [] : current.all())] : [],
        ),
      };
    },
  };
}

export interface Notes {
  /** All lines, where the log is short. */
  readonly whole: readonly Note[] | null;
  /** Whether the CI system says of a step that it failed. */
  readonly anyFailed: boolean;
  /** Of the steps that failed; of all where none says so. In order, each once. */
  readonly failed: readonly Note[];
  readonly passed: readonly Note[];
}

const wholeChars = 65_536;
const tailChars = 16_384;
const passedChars = 65_536;
const firstChars = 262_144;
const newestChars = 131_072;

function sizeOf({ text }: Note): number {
  return text.length + 20;
}

function firstAndNewest(): { add(note: Note): void; all(): readonly Note[] } {
  const first: Note[] = [];
  const rest = newest<Note>(newestChars, sizeOf);
  let chars = 0;
  return {
    add: (note) => {
      if (chars < firstChars) {
        chars += sizeOf(note);
        first.push(note);
      } else rest.add(note);
    },
    all: () => [...first, ...rest.all()],
  };
}

/** The newest items, of at least `enough` size together and at most twice that. */
function newest<T>(
  enough: number,
  sizeOfItem: (item: T) => number,
): { add(item: T): void; all(): readonly T[]; clear(): void } {
  let older: T[] = [];
  let newer: T[] = [];
  let size = 0;
  return {
    add: (item) => {
      newer.push(item);
      size += sizeOfItem(item);
      if (size < enough) return;
      older = newer;
      newer = [];
      size = 0;
    },
    all: () => [...older, ...newer],
    clear: () => {
      older = [];
      newer = [];
      size = 0;
    },
  };
}

function sorted(notes: readonly Note[]): Note[] {
  return [...new Set(notes)].toSorted((a, b) => a.n - b.n);
}

/** A part of a string keeps the whole of it in memory: this makes it stand alone. */
function flatten(note: Note): void {
  note.text = ` ${note.text}`.slice(1);
}

/** Characters of the lines that have a part in the failure. */
export function weightOf({ failed }: Notes): number {
  return failed.reduce((sum, note) => sum + (ordinary.has(note.role) ? 0 : sizeOf(note)), 0);
}

const ordinary: ReadonlySet<NoteRole> = new Set(["output", "noise", "script", "command", "job"]);
