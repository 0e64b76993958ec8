import type { LogLine, LogStream } from "@ampx/core";
import { clockTime } from "./clock-time.ts";
import type { Paint, Style } from "./paint.ts";
import { printable } from "./printable.ts";

/** One line of a task's log: time, stream, text; what has several lines keeps them, under the same tag. */
export function logLine(line: LogLine, paint: Paint): string {
  const tag = `${paint("dim", clockTime(line.at))} ${paint(styles[line.stream], line.stream.padEnd(6))}`;
  return printable(line.text)
    .replaceAll("\t", "    ")
    .split("\n")
    .map((text) => `${tag} ${text}`.trimEnd())
    .join("\n");
}

/** Tells of lines that are only in the file on disk. */
export function gapLine(missing: number, files: string[], paint: Paint): string {
  const where = files.length === 0 ? "" : `; the full text is in ${files.join(", ")}`;
  return paint("dim", `… ${missing} line${missing === 1 ? "" : "s"} not kept${where}`);
}

const styles: Record<LogStream, Style> = { worker: "cyan", agent: "green", ci: "yellow" };
