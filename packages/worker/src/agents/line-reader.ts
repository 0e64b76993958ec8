import { redactPieces } from "@ampx/core/redact";

export interface OutputLine {
  text: string;
  /** The line was longer than the reader's limit; `text` is its beginning. */
  cut: boolean;
}

export interface LineReader {
  /** Takes the next piece of output; returns what it completes. `raw` is all of it, redacted, to be kept as it is. */
  read(text: string): { raw: string; lines: OutputLine[] };
  /** What is left without a line end. */
  end(): { raw: string; lines: OutputLine[] };
}

export interface LineReaderOptions {
  /** Characters of a line beyond which `lines` leaves the rest away. `raw` has it all. */
  maxLine: number;
  redact: (text: string) => string;
  /** Whether `lines` are as the program wrote them, for a parser that redacts what it makes of them. */
  verbatim: boolean;
}

/** No secret is longer: so much of an over-long line is held back until more of it is known. */
const longestSecret = 4_096;

/** Splits output into lines with bounded memory, however long a line is. */
export function lineReader({ maxLine, redact, verbatim }: LineReaderOptions): LineReader {
  // The line that has no end yet; of an over-long one its redacted last part.
  let pending = "";
  let overlong = false;
  const clean = redactPieces(redact);

  return { read, end };

  function read(text: string): { raw: string; lines: OutputLine[] } {
    let raw = "";
    const lines: OutputLine[] = [];
    let from = 0;
    if (overlong) {
      const lineEnd = text.indexOf("\n");
      pending += lineEnd === -1 ? text : text.slice(0, lineEnd + 1);
      raw += flush(lineEnd === -1);
      if (lineEnd === -1) return { raw, lines };
      from = lineEnd + 1;
    }
    const lastEnd = text.lastIndexOf("\n") + 1;
    if (lastEnd > from) {
      const whole = pending + text.slice(from, lastEnd);
      pending = "";
      const kept = clean(whole);
      raw += kept;
      for (const line of (verbatim ? whole : kept).slice(0, -1).split("\n"))
        lines.push(limited(line));
      from = lastEnd;
    }
    pending += text.slice(from);
    if (pending.length > maxLine + longestSecret) {
      const verbatimStart = pending.slice(0, maxLine);
      overlong = true;
      const start = flush(true);
      raw += start;
      lines.push({ text: verbatim ? verbatimStart : start.slice(0, maxLine), cut: true });
    }
    return { raw, lines };
  }

  function end(): { raw: string; lines: OutputLine[] } {
    if (pending === "" && !overlong) return { raw: "", lines: [] };
    if (overlong) return { raw: `${flush(false)}\n`, lines: [] };
    const kept = clean(pending);
    const line = limited(verbatim ? pending : kept);
    pending = "";
    return { raw: `${kept}\n`, lines: [line] };
  }

  /** The redacted part of an over-long line that can hold no half of a secret any more. */
  function flush(more: boolean): string {
    const kept = redact(pending);
    overlong = more;
    const ready = more ? Math.max(0, kept.length - longestSecret) : kept.length;
    pending = kept.slice(ready);
    return kept.slice(0, ready);
  }

  function limited(text: string): OutputLine {
    return text.length > maxLine
      ? { text: text.slice(0, maxLine), cut: true }
      : { text, cut: false };
  }
}
