import { createHash } from "node:crypto";

// A description of a service says in its own comment what ampx wrote, so that what a person has changed is seen and kept.

const words =
  "Written by `ampx service install`; changes are kept only in files of your own. sha256";

/** The text with a comment that tells it from one that was changed. */
export function stamped(text: string, comment: "#" | "xml"): string {
  const line = `${words} ${digest(text)}`;
  if (comment === "#") return `# ${line}\n${text}`;
  // XML has its declaration first.
  const [declaration = "", ...rest] = text.split("\n");
  return [declaration, `<!-- ${line} -->`, ...rest].join("\n");
}

/** Whether the text is just as some version of ampx wrote it. */
export function isUnchanged(text: string): boolean {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.includes(words));
  const told = /[0-9a-f]{64}/.exec(lines[at] ?? "")?.[0];
  return told !== undefined && told === digest(lines.toSpliced(at, 1).join("\n"));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
