import type { Finding } from "../doctor/check.ts";
import type { Paint } from "./paint.ts";
import { printableLine } from "./printable.ts";

/** What `ampx doctor` found, a line each, with what to do below those that need it. */
export function findingsText(findings: Finding[], paint: Paint): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .flatMap(({ name, is, detail, try_this }) => [
      `${mark(is, paint)} ${name.padEnd(width)}  ${printableLine(detail)}`,
      ...(is === "ok" || try_this === undefined
        ? []
        : [`  ${" ".repeat(width)}  try: ${printableLine(try_this)}`]),
    ])
    .join("\n");
}

function mark(is: Finding["is"], paint: Paint): string {
  switch (is) {
    case "ok":
      return paint("green", "✓");
    case "note":
      return paint("yellow", "!");
    case "missing":
      return paint("red", "✗");
  }
}
