import { createExcerpt } from "@ampx/core";
import { compare } from "./compare.ts";
import type { Figure } from "./figure.ts";

const megabytes = 50;
const chunkChars = 64 * 1024;

/** How fast a failing log is made into what goes back to the agent, and what that takes; told, not promised. */
export const excerpts: Figure = {
  name: "excerpts",
  async run(_folder, signal) {
    const log = ciLog(megabytes * 1e6);
    const speed = (work: () => void) => () => {
      signal.throwIfAborted();
      const startedAt = performance.now();
      work();
      return Promise.resolve(log.length / 1e3 / (performance.now() - startedAt));
    };
    return [
      await compare(
        {
          what: `excerpt of a log of ${megabytes} MB`,
          unit: "MB/s",
          baseline: "splitting it into lines",
          target: null,
        },
        5,
        { measured: speed(() => excerptOf(log)), baseline: speed(() => log.split("\n").length) },
      ),
      {
        what: `excerpt of a log of ${megabytes} MB: memory held beside the log`,
        unit: "MB",
        rounds: [{ measured: [heapGrowth(log)], baseline: [] }],
        baseline: null,
        target: null,
      },
    ];
  },
};

function excerptOf(log: string): string {
  const excerpt = createExcerpt({ maxChars: 4_000 });
  for (let at = 0; at < log.length; at += chunkChars) excerpt.push(log.slice(at, at + chunkChars));
  return excerpt.end();
}

/** What lives at the end of the log, in MB; with a collection before each look, so only under `node --expose-gc` exact. */
function heapGrowth(log: string): number {
  const before = process.memoryUsage().heapUsed;
  const excerpt = createExcerpt({ maxChars: 4_000 });
  let most = 0;
  for (let at = 0; at < log.length; at += chunkChars) {
    excerpt.push(log.slice(at, at + chunkChars));
    most = Math.max(most, process.memoryUsage().heapUsed - before);
  }
  excerpt.end();
  return most / 1e6;
}

/** Like a test run of a large project: mostly progress, now and then a failure with its stack. */
function ciLog(bytes: number): string {
  const parts: string[] = [];
  let length = 0;
  for (let n = 0; length < bytes; n++) {
    const part =
      n % 500 === 499
        ? `\u001b[31m ✗ basket > shows the empty page, case ${n}\u001b[0m\n   AssertionError: expected 200 to be 404\n      at src/basket.test.ts:${n}:12\n`
        : `2026-01-01T00:00:00.0000000Z  ✓ module-${n % 97} > keeps what it was given, case ${n} (12 ms)\n`;
    parts.push(part);
    length += part.length;
  }
  // One flat string instead of a tree of pieces.
  return Buffer.from(parts.join("")).toString();
}
