import type { Access } from "./access-plan.ts";

/** A path that the sandbox kept from a program. */
export interface RefusedPath {
  path: string;
  /** The config key that would allow it. */
  key: "sandbox.writable" | "sandbox.readable";
}

/** How programs of all kinds, and the kernel, say that they were refused. */
const refusals = /read-only file system|\bEROFS\b|no such file or directory|\bENOENT\b/gi;
/** Messages are short; a line may hold the whole output of a tool. */
const [before, after] = [400, 300];

/** Finds in a line of output that the sandbox was in the way. */
export function refusedPaths(line: string, accessOf: (path: string) => Access): RefusedPath[] {
  const found: RefusedPath[] = [];
  for (const { 0: words, index } of line.matchAll(refusals)) {
    const end = index + words.length;
    // In JSON the end of a line is written as two characters.
    const head =
      line
        .slice(Math.max(0, index - before), index)
        .split(/\n|\\n/)
        .at(-1) ?? "";
    const [tail = ""] = line.slice(end, end + after).split(/\n|\\n/, 1);
    const isWrite = /^(?:r|erofs)/i.test(words);
    const path = pathsIn(head + words + tail).findLast((candidate) => {
      const access = accessOf(candidate);
      // What is not there is the sandbox's doing only where it hides things.
      return access === "hidden" || (isWrite && access === "readable");
    });
    if (path !== undefined)
      found.push({ path, key: isWrite ? "sandbox.writable" : "sandbox.readable" });
  }
  return found;
}

/** What to do about it, in words. */
export function refusalText({ path, key }: RefusedPath): string {
  const how = key === "sandbox.writable" ? "keeps from being written" : "hides";
  return `the sandbox ${how}: ${path} (${key} in your config would allow it)`;
}

function pathsIn(message: string): string[] {
  // A shell names itself first: `/bin/sh: 1: cannot create …`.
  const text = message.replace(/^\S+: (?:line )?\d+: /, "");
  return [...text.matchAll(quotedOrBare)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

const quotedOrBare =
  /['"`‘“](\/[^'"`’”\\]+)['"`’”]|(?<![\w.:/~-])(\/(?!\/)[^\s'"`‘’“”:;,()<>|\\]+)/g;
