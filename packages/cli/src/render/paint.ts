import { styleText } from "node:util";
import type { TaskStatus } from "@ampx/core";

export type Style = "bold" | "dim" | "green" | "red" | "yellow" | "cyan";
/** Puts text into a style, or leaves it alone where colours are not wanted. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;

/** Colours for a terminal that has not asked for none by `NO_COLOR`. */
export function paintFor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const wanted = stream.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  return wanted ? (style, text) => styleText(style, text, { validateStream: false }) : plain;
}

export const styleOfStatus: Record<TaskStatus, Style> = {
  queued: "dim",
  running: "cyan",
  retrying: "yellow",
  needs_review: "yellow",
  success: "green",
  aborted: "dim",
  error: "red",
};
