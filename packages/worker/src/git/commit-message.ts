import type { CommitMessage } from "../ports.ts";
import { plainText } from "./plain-text.ts";

/** A commit message of one line and its trailers, whatever characters came in. */
export function messageText({ subject, trailers }: CommitMessage): string {
  const line = oneLine(subject, 200) || "Change";
  const block = trailers.map(([key, value]) => `${key}: ${oneLine(value, 500)}`).join("\n");
  return block === "" ? `${line}\n` : `${line}\n\n${block}\n`;
}

function oneLine(text: string, max: number): string {
  const line = plainText(text, Number.POSITIVE_INFINITY).replaceAll(/\s+/g, " ").trim();
  return line.length <= max ? line : `${line.slice(0, max - 1).trimEnd()}…`;
}
