import type { WriteStream } from "node:tty";
import { shortened } from "./render/display-width.ts";

/** One line that tells how far something is: over and over in place on a terminal, elsewhere a new one whenever it says something new. */
export interface ProgressLine extends Disposable {
  /** `key` is what of the text matters; a new age alone makes no new line. */
  show(text: string, key: string): void;
}

const clear = "\r\u001b[K";

/** Disposed of, it leaves nothing behind on a terminal. */
export function progressLine(
  out: Pick<WriteStream, "write"> & { isTTY?: boolean; columns?: number },
): ProgressLine {
  let last: string | undefined;
  return {
    show(text, key) {
      if (out.isTTY === true) out.write(clear + shortened(text, (out.columns ?? 80) - 1));
      else if (key !== last) out.write(`${text}\n`);
      last = key;
    },
    [Symbol.dispose]() {
      if (out.isTTY === true && last !== undefined) out.write(clear);
    },
  };
}
