import type { TaskDetail } from "@ampx/core";
import type { Paint } from "./paint.ts";
import { printableLine } from "./printable.ts";

/** Which tasks in flight change the same files, a line each; empty for none. */
export function overlapsText({ overlaps }: TaskDetail, paint: Paint): string {
  if (overlaps.length === 0) return "";
  const lines = overlaps.map(({ short_id: id, title, files, conflicts }) => {
    const all = [...new Set([...conflicts, ...files])];
    const shown = all
      .slice(0, mostShown)
      .map((file) =>
        conflicts.includes(file)
          ? `${printableLine(file)} ${paint("yellow", "(conflict)")}`
          : printableLine(file),
      );
    const left = all.length - shown.length;
    const more = left > 0 ? ` and ${left} more` : "";
    return `  ${id}  ${shown.join(", ")}${more}  ${paint("dim", printableLine(title))}`;
  });
  return [paint("bold", "Changes the same files as"), ...lines].join("\n");
}

const mostShown = 8;
