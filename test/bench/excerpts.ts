import { execFile } from "node:child_process";
import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { excerptor } from "@ampx/core/log/excerptor";
import { compare } from "./compare.ts";
import type { Figure } from "./figure.ts";

const megabytes = 50;
const chunkBytes = 64 * 1024;
const reader = join(import.meta.dirname, "excerpt-peak-main.ts");

/** How fast a failing log is made into what goes back to the agent, and what that takes: 50 MB/s and 100 MB above an idle process. */
export const excerpts: Figure = {
  name: "excerpts",
  async run(folder, signal) {
    const log = ciLog(megabytes * 1e6);
    const timed = (work: () => void) => () => {
      signal.throwIfAborted();
      const startedAt = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(startedAt);
      return Promise.resolve((user + system) / 1e3);
    };
    const big = join(folder, "big.log");
    for (let part = 0; part < 4; part++) await appendFile(big, log);
    const empty = join(folder, "empty.log");
    await writeFile(empty, "");
    const peakOf = (file: string) => async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [reader, file], { signal });
      return Number(stdout);
    };
    return [
      await compare(
        {
          what: `processor time for the excerpt of a log of ${megabytes} MB`,
          unit: "ms",
          baseline: "splitting it into lines",
          target: { is: "most", of: "median", atMost: megabytes * 20 },
        },
        3,
        {
          measured: timed(() => excerptOf(log)),
          baseline: timed(() => log.toString().split("\n").length),
        },
      ),
      await compare(
        {
          what: `peak memory for the excerpt of a log of ${4 * megabytes} MB`,
          unit: "MB",
          baseline: "of an empty log",
          target: { is: "extra", of: "median", atMost: 100 },
        },
        2,
        { measured: peakOf(big), baseline: peakOf(empty) },
      ),
    ];
  },
};

function excerptOf(log: Buffer): string {
  const excerpt = excerptor({ maxChars: 4_000 });
  for (let at = 0; at < log.length; at += chunkBytes)
    excerpt.push(log.subarray(at, at + chunkBytes));
  return excerpt.end();
}

/** Like a test run of a large project: mostly progress, now and then a failure with its stack. */
function ciLog(bytes: number): Buffer {
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
  return Buffer.from(parts.join(""));
}
