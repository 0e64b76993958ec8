import type { Note, Notes } from "./notes.ts";
import { byImportance } from "./selection.ts";
import { shapeOf } from "./shape.ts";

interface ExcerptOptions {
  /** Lines of the whole log. */
  count: number;
  maxChars: number;
  redact(line: string): string;
}

/** The most important lines that fit, in log order, with marks where lines are left out. At most `maxChars` characters, never none. */
export function excerptText(notes: Notes, { count, maxChars, redact }: ExcerptOptions): string {
  const withTimes = ({ text, times, focus }: Note, longest: number): string => {
    const short = cut(redact(text), focus, longest);
    return times > 1 ? `${short} … ×${times}` : short;
  };
  if (count === 0) return nothing.slice(0, maxChars);
  const whole = notes.whole?.map((note) => withTimes(note, maxChars)).join("\n");
  if (whole !== undefined && whole.length <= maxChars) return whole;
  const longest = Math.max(40, Math.min(1_000, Math.floor(maxChars / 10)));
  const chosen = new Map<number, string>();
  const texts = new Set<string>();
  const words = new Set<string>();
  // Room for the mark behind the last line.
  let chars = gapCost;
  for (const { notes: wanted, share } of byImportance(notes)) {
    for (const note of wanted) {
      if (chosen.has(note.n)) continue;
      // What was said once already is no news.
      if (note.text.length > gapCost && texts.has(note.text)) continue;
      // Many failures with the same words: the words once.
      const said = note.focus > 0 ? shapeOf(note.text.slice(note.focus, note.focus + 60)) : "";
      const text = withTimes(note, words.has(said) ? Math.min(longest, note.focus + 20) : longest);
      const cost = text.length + 1 + gapsAround(chosen, note.n) * gapCost;
      if (chars + cost > maxChars * share) continue;
      chosen.set(note.n, text);
      texts.add(note.text);
      if (said.length > 30) words.add(said);
      chars += cost;
    }
  }
  if (chosen.size === 0)
    return (
      cut(redact(notes.failed.at(-1)?.text ?? nothing), 0, maxChars)
        .slice(0, maxChars)
        .toWellFormed() || "…"
    );
  return withGaps(chosen, count).slice(0, maxChars).toWellFormed();
}

const nothing = "The log is empty: nothing was printed.";
// At least as long as the mark of any gap, with its line break.
const gapCost = 20;

/** How many marks of gaps a line brings: none where it fills one, one where it splits one or stands beside a chosen line. */
function gapsAround(chosen: ReadonlyMap<number, string>, n: number): number {
  const beside = Number(chosen.has(n - 1) || n === 1) + Number(chosen.has(n + 1));
  return 1 - beside;
}

/** A long line without the part that matters least: its end, or the middle where what matters stands far behind. */
function cut(text: string, focus: number, longest: number): string {
  if (text.length <= longest) return text;
  if (focus + 20 >= longest) return `${text.slice(0, longest - 1)}…`.toWellFormed();
  const half = Math.floor(longest / 3);
  if (focus < longest - half) return `${text.slice(0, longest - 1)}…`.toWellFormed();
  return `${text.slice(0, half)}…${text.slice(focus - 10, focus + longest - half - 12)}…`.toWellFormed();
}

function withGaps(lines: ReadonlyMap<number, string>, count: number): string {
  const parts: string[] = [];
  let last = 0;
  for (const n of [...lines.keys(), count + 1].toSorted((a, b) => a - b)) {
    const missing = n - last - 1;
    if (missing > 0) parts.push(`… ${missing} ${missing === 1 ? "line" : "lines"} …`);
    const text = lines.get(n);
    if (text !== undefined) parts.push(text);
    last = n;
  }
  return parts.join("\n");
}
