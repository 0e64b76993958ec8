import { laneReader, type LogLane } from "../lane/log-lane.ts";
import { draftCollector } from "./drafts.ts";
import { excerptText } from "./excerpt-text.ts";
import type { Failure } from "./failure.ts";
import { failuresIn } from "./failures-in.ts";
import { notebook, weightOf, type Note, type NoteRole } from "./notes.ts";
import { plainLines, type LineReader } from "./plain-lines.ts";
import { stepFollower, type LinePlace } from "./steps.ts";
import { toolReader } from "./tool-reader.ts";
import type { Above } from "./tool-state.ts";
import { tools } from "./tools/index.ts";

/** What the log of one failed job says. */
export interface LogReading {
  /** The part that a fixer needs to see: never empty, never longer. */
  excerpt(maxChars: number): string;
  /** In log order, distinct by fingerprint, at most 200. One of kind `command` where no tool is known; none for an empty log. */
  readonly failures: readonly Failure[];
  readonly lane: LogLane;
  /** Characters that what matters takes, for sharing a budget between logs. */
  readonly weight: number;
}

interface ReaderOptions {
  /** Takes secrets out of a line. What is shown of the log goes through it whole, before a line is cut; nothing does by default. */
  redact?: (text: string) => string;
}

/** Reads a log of any size in one go, holding on to little of it. Chunks may be cut anywhere. */
export function logReader({ redact = asItIs }: ReaderOptions = {}): {
  push: LineReader["push"];
  end(): LogReading;
} {
  const steps = stepFollower();
  const drafts = draftCollector();
  const asked = toolReader(tools, drafts);
  const notes = notebook();
  const lane = laneReader();
  let above: Above = [];
  let count = 0;
  let last: Note | undefined;

  function take(text: string): void {
    if (text === "") return asked.blank();
    if (last?.text === text) {
      last.times++;
      return;
    }
    lane.line(text);
    const place = steps.take(text);
    if (place === "start") {
      notes.endStep();
      asked.close();
      above = [];
    }
    const note: Note = {
      n: ++count,
      text,
      times: 1,
      step: steps.step,
      role: roles[place],
      draft: null,
      distance: 0,
      focus: 0,
    };
    last = note;
    notes.see(note);
    if (place === "output" || place === "error" || place === "command") asked.take(note, above);
    // The CI system's own word is no echo of another's.
    if (place === "error" && note.role !== "title" && note.role !== "summary") note.role = "exit";
    if (note.role !== "output" && note.role !== "noise") keep(note);
    above = [above[1], above[2], note];
  }

  function keep(note: Note): void {
    for (const before of note.role === "title" ? above : []) {
      if (before === undefined) continue;
      if (before.role !== "output" && before.draft !== note.draft) continue;
      before.draft ??= note.draft;
      if (before.role === "output") before.role = "context";
      notes.keep(before);
    }
    notes.keep(note);
  }

  const lines = plainLines(take);
  return {
    push: lines.push,
    end: () => {
      lines.end();
      const all = notes.all();
      const failures = failuresIn(all, drafts.all()).map((failure) => ({
        ...failure,
        message: redact(failure.message).slice(0, 300),
      }));
      const found = lane.end(failures);
      return {
        failures,
        lane: { ...found, evidence: redact(found.evidence) },
        excerpt: (maxChars) => excerptText(all, { count, maxChars, redact }),
        weight: weightOf(all),
      };
    },
  };
}

function asItIs(text: string): string {
  return text;
}

const roles: Readonly<Record<LinePlace, NoteRole>> = {
  start: "start",
  script: "script",
  settings: "noise",
  command: "command",
  job: "job",
  error: "exit",
  output: "output",
};
