/** Takes a log in, piece by piece, and gives the part that a fixer needs to see. */
export interface Excerpt {
  /** Chunks may be cut anywhere. */
  push(chunk: string): void;
  /** The excerpt of all that was pushed: never empty, never longer than `maxChars`. */
  end(): string;
}

/**
 * Keeps the end of the log, and the newest and the first lines that look like errors with lines around them, in their order, and marks what
 * is left out. Colours, GitHub's timestamps, blank lines and overwritten progress go, long lines are cut. Memory is bounded by `maxChars`,
 * whatever the size of the log. Feed it redacted text: a cut line may hold half a secret.
 */
export function createExcerpt({ maxChars }: { maxChars: number }): Excerpt {
  const maxLine = Math.max(40, Math.min(400, Math.floor(maxChars / 8)));
  const firstErrors: Line[] = [];
  const newestErrors = newestLines(maxChars);
  const tail = newestLines(maxChars);
  const context: Line[] = [];
  let firstChars = 0;
  let count = 0;
  let wantedAfter = 0;
  let isOver = false;

  function take(text: string): void {
    // What GitHub does after a failed step says nothing about the failure.
    isOver ||=
      text === "Post job cleanup." && tail.lines.some((line) => line.text.startsWith("##[error]"));
    if (text === "" || isOver) return;
    const line = { n: ++count, text: text.length > maxLine ? `${text.slice(0, maxLine)}…` : text };
    tail.add(line);
    if (looksLikeError(line.text)) {
      for (const before of context) keep(before);
      keep(line);
      wantedAfter = linesAfter;
    } else if (wantedAfter > 0) {
      keep(line);
      wantedAfter--;
    }
    context.push(line);
    if (context.length > linesBefore) context.shift();
  }

  function keep(line: Line): void {
    newestErrors.add(line);
    if (firstChars >= maxChars || (firstErrors.at(-1)?.n ?? 0) >= line.n) return;
    firstErrors.push(line);
    firstChars += line.text.length;
  }

  const lines = lineReader((raw) => take(plain(raw)));
  return {
    push: (chunk) => lines.push(chunk),
    end: () => {
      lines.end();
      if (count === 0) return "The log is empty: nothing was printed.".slice(0, maxChars);
      const chosen = new Map<number, string>();
      let chars = gapCost;
      // Lines that stand next to a chosen one need no mark of a gap.
      const choose = (candidates: readonly Line[], share: number): void => {
        for (const { n, text } of candidates) {
          if (chosen.has(n)) continue;
          const cost = text.length + 1 + (chosen.has(n - 1) || chosen.has(n + 1) ? 0 : gapCost);
          if (chars + cost > maxChars * share) return;
          chosen.set(n, text);
          chars += cost;
        }
      };
      choose(tail.lines.toReversed(), 0.3);
      choose(newestErrors.lines.toReversed(), 0.75);
      choose(firstErrors, 1);
      choose(newestErrors.lines.toReversed(), 1);
      choose(tail.lines.toReversed(), 1);
      return withGaps(chosen, count).slice(0, maxChars).toWellFormed();
    },
  };
}

interface Line {
  /** Position in the log, blank lines not counted. */
  n: number;
  text: string;
}

const linesBefore = 3;
const linesAfter = 6;
// At least as long as the mark of any gap, with its line break.
const gapCost = 40;
// Enough for the longest line that is kept, its timestamp and its colours.
const maxRaw = 4_000;

const error =
  /##\[error\]|\berror\b|\w(?:Error|Exception)\b|\bfail(?:ed|ures?|s|ing)?\b|\bfatal\b|\bpanic|\btraceback\b|\bassert|\bexpected\b|\bnot ok\b|\bcannot\b|\bdenied\b|\bsegmentation fault\b|\btimed out\b|^E {2}|[✗✕✖❌]|^\s*[×●] /i;
const noError = /\b(?:0|no) (?:errors?|fail(?:ed|ures?|ing)?)\b|^(?:debug|info)\b/i;

function looksLikeError(text: string): boolean {
  return error.test(text) && !noError.test(text);
}

const timestamp = /^\uFEFF?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z ?/;
// oxlint-disable-next-line no-control-regex -- orders to a terminal begin with control characters
const orders = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)/g;
const controls = /(?!\t)[\p{Cc}\uFEFF]/gu;

function plain(raw: string): string {
  return raw.replace(timestamp, "").replace(orders, "").replace(controls, "").trimEnd();
}

/** Cuts a stream into lines. A carriage return goes back to the start of the line: what follows replaces it. */
function lineReader(take: (line: string) => void): { push(chunk: string): void; end(): void } {
  let line = "";
  let isOverwritten = false;

  function end(): void {
    take(line);
    line = "";
    isOverwritten = false;
  }

  return {
    push: (chunk) => {
      for (const [, text = "", terminator] of chunk.matchAll(/([^\r\n]*)(\r|\n|$)/g)) {
        if (text !== "") {
          line = ((isOverwritten ? "" : line) + text.slice(0, maxRaw)).slice(0, maxRaw);
          isOverwritten = false;
        }
        if (terminator === "\r") isOverwritten = true;
        else if (terminator === "\n") end();
      }
    },
    end,
  };
}

/** The newest lines, as many as make up at least this number of characters; the oldest go. */
function newestLines(minChars: number): { lines: readonly Line[]; add(line: Line): void } {
  const lines: Line[] = [];
  let chars = 0;
  return {
    lines,
    add: (line) => {
      if ((lines.at(-1)?.n ?? 0) >= line.n) return;
      lines.push(line);
      chars += line.text.length;
      for (
        let oldest = lines[0];
        oldest !== undefined && chars - oldest.text.length > minChars;
        oldest = lines[0]
      ) {
        lines.shift();
        chars -= oldest.text.length;
      }
    },
  };
}

function withGaps(lines: ReadonlyMap<number, string>, count: number): string {
  const parts: string[] = [];
  let last = 0;
  for (const n of [...lines.keys(), count + 1].toSorted((a, b) => a - b)) {
    const missing = n - last - 1;
    if (missing > 0) parts.push(`… ${missing} ${missing === 1 ? "line" : "lines"} left out …`);
    const text = lines.get(n);
    if (text !== undefined) parts.push(text);
    last = n;
  }
  return parts.join("\n");
}
