import type { TaskDetail } from "@ampx/core";
import type { Paint } from "./paint.ts";
import { printableLine } from "./printable.ts";

/** What people said of the change and was not answered yet; empty for none. */
export function reviewsText({ review_comments: comments }: TaskDetail, paint: Paint): string {
  if (comments.length === 0) return "";
  const lines = comments.map(({ is, by, path, line, text }) => {
    const place = path === null ? [] : [`${path}${line === null ? "" : `:${line}`}`];
    const who = [by, ...place].map(printableLine).join("  ");
    const how = is === "waiting" ? paint("yellow", "waits") : paint("cyan", "with the agent");
    return `  ${how}  ${who}  ${paint("dim", printableLine(firstLine(text)))}`;
  });
  return [paint("bold", "Review comments"), ...lines].join("\n");
}

function firstLine(text: string): string {
  const [line = "", ...rest] = text.trim().split("\n");
  const cut = line.length > 100 ? line.slice(0, 100).toWellFormed() : line;
  return rest.length > 0 || cut !== line ? `${cut} …` : cut;
}
