import type { WriteStream } from "node:tty";

/** A part of the terminal that is drawn over and over, and is left as it was found. */
export interface LiveScreen extends Disposable {
  /** Shows the text, cut to the terminal's height; its lines must fit the width. */
  draw(text: string): void;
}

const enter = "\u001b[?1049h\u001b[?25l";
const leave = "\u001b[?25h\u001b[?1049l";
// Terminals that know it show the frame at once, whole; the others pass it over.
const frameBegin = "\u001b[?2026h\u001b[H";
const frameEnd = "\u001b[J\u001b[?2026l";

/** Takes over the terminal's second screen with the cursor hidden. Disposed of, it brings both back and leaves the last frame in the text before. */
export function liveScreen(out: Pick<WriteStream, "write" | "rows">): LiveScreen {
  let last = "";
  // However the process ends, the cursor is visible again.
  const restore = () => out.write(leave);
  process.once("exit", restore);
  out.write(enter);
  return {
    draw(text) {
      last = text;
      out.write(frameBegin + frame(text, out.rows) + frameEnd);
    },
    [Symbol.dispose]() {
      process.off("exit", restore);
      restore();
      if (last !== "") out.write(`${last}\n`);
    },
  };
}

// Each line is overwritten and its rest cleared: a screen that is cleared first flickers.
function frame(text: string, rows: number | undefined): string {
  const lines = text.split("\n");
  const kept = rows === undefined ? lines : lines.slice(0, Math.max(1, rows - 1));
  return kept.map((line) => `${line}\u001b[K`).join("\r\n") + "\r\n";
}
