import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Sha } from "@ampx/core";
import { nullIfAbsent, type Worktree } from "./worktree.ts";

/** One move of a worktree's HEAD, as git has logged it. No commit is zeros. */
export interface HeadMove {
  from: Sha;
  to: Sha;
  message: string;
}

/** No turn moves HEAD so often that more would matter. */
const maxBytes = 256 * 1024;

/**
 * How HEAD of a worktree got where it is, oldest first. Git logs here what is done in this worktree alone: a branch that was moved from
 * another one, or from outside, is not where this log ends. Empty where nothing is logged.
 */
export async function headLog({ adminDir }: Worktree): Promise<HeadMove[]> {
  const file = await open(join(adminDir, "logs", "HEAD")).catch(nullIfAbsent);
  if (file === null) return [];
  await using log = file;
  const { size } = await log.stat();
  const start = Math.max(0, size - maxBytes);
  const { buffer, bytesRead } = await log.read(Buffer.alloc(size - start), 0, size - start, start);
  const lines = buffer.toString("utf8", 0, bytesRead).split("\n");
  return lines.slice(start > 0 ? 1 : 0).flatMap(moveOf);
}

export function isNoCommit(sha: Sha): boolean {
  return /^0+$/.test(sha);
}

function moveOf(line: string): HeadMove[] {
  const [, from, to, message = ""] =
    /^([0-9a-f]{40,}) ([0-9a-f]{40,}) [^\t]*(?:\t(.*))?$/.exec(line) ?? [];
  return from === undefined || to === undefined ? [] : [{ from, to, message }];
}
