import { z } from "zod";
import { stableText } from "./stable-text.ts";

export const FailureKind = z.enum([
  "test",
  "type",
  "lint",
  "format",
  "build",
  "crash",
  "timeout",
  "out_of_memory",
  "dependency",
  "command",
]);
export type FailureKind = z.infer<typeof FailureKind>;

/** One thing that failed in a CI job, as its tool printed it. */
export const Failure = z.object({
  /** Name of the log tool that read it, such as `pytest`. */
  tool: z.string(),
  kind: FailureKind,
  /** The test as its runner names it. */
  test: z.string().optional(),
  /** Path as printed, relative to the checkout where that could be told. */
  file: z.string().optional(),
  line: z.int().positive().optional(),
  /** One line of at most 300 characters: the assertion or error. */
  message: z.string().max(300),
});
export type Failure = z.infer<typeof Failure>;

/**
 * 16 hex digits that stay the same when the same failure is seen again (shifted lines, other timings, temporary paths, ids, ports, dates),
 * and differ for another failure.
 */
export function fingerprint(failure: Failure): string {
  const parts = [failure.tool, failure.kind, failure.test, fileEnd(failure.file), failure.message];
  const text = parts.map((part) => stableText(part ?? "")).join("\u0000");
  return hash(text, 0x811c9dc5) + hash(text, 0x01234567);
}

// Two runs may check out into different folders; the last names of an absolute path are the same in both.
function fileEnd(file: string | undefined): string | undefined {
  if (file === undefined || !/^(?:\/|\w:[/\\])/.test(file)) return file;
  return stableText(file).split(/[/\\]/).slice(-2).join("/");
}

/** FNV-1a with a final mix, as 8 hex digits. */
function hash(text: string, seed: number): string {
  let h = seed;
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0).toString(16).padStart(8, "0");
}
