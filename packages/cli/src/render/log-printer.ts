import type { LogLine } from "@ampx/core";
import { gapLine, logLine } from "./log-line.ts";
import type { Paint } from "./paint.ts";

/** Prints lines one after the other and tells of the gaps between them. `whole`: no filter makes gaps of its own. */
export function logPrinter(options: {
  paint: Paint;
  files: string[];
  whole: boolean;
  print(text: string): void;
}): (line: LogLine) => void {
  let last: number | undefined;
  return (line) => {
    const missing = last === undefined ? 0 : line.n - last - 1;
    if (options.whole && missing > 0) options.print(gapLine(missing, options.files, options.paint));
    options.print(logLine(line, options.paint));
    last = line.n;
  };
}
