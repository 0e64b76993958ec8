import { shortId, type TaskId } from "./scalars.ts";

/** `<prefix><slug>-<short id>`: readable, unique, and a legal ref name whatever the title says (git-check-ref-format). */
export function branchName(prefix: string, title: string, id: TaskId): string {
  const slug = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
  return `${prefix}${slug === "" ? "task" : slug}-${shortId(id)}`;
}

/** The first line of a prompt, short enough for a list. */
export function titleOf(prompt: string): string {
  const line = prompt.trim().split("\n", 1)[0]?.trim() ?? "";
  return line.length > 72 ? `${line.slice(0, 71)}…` : line;
}
