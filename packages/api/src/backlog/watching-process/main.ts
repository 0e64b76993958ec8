import { appendFileSync } from "node:fs";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { watchBacklogs } from "../watch-backlogs.ts";

// A process for the tests of the backlog: watches <folder> as the home <owner> until its stdin ends, and notes in <log> what it takes. What has
// "bad" in it is rejected. With <killAt> it kills itself before its so many-th deed: a change on disk, or the taking.

const [folder = "", owner = "", log = "", killAt = ""] = process.argv.slice(2);

let deeds = 0;
function mortal<A extends unknown[], R>(deed: (...args: A) => Promise<R>) {
  return (...args: A): Promise<R> => {
    if (++deeds === Number(killAt)) process.kill(process.pid, "SIGKILL");
    return deed(...args);
  };
}
Object.assign(fs, {
  mkdir: mortal(fs.mkdir),
  mkdtemp: mortal(fs.mkdtemp),
  link: mortal(fs.link),
  rename: mortal(fs.rename),
  unlink: mortal(fs.unlink),
  rmdir: mortal(fs.rmdir),
  rm: mortal(fs.rm),
  writeFile: mortal(fs.writeFile),
});
syncBuiltinESMExports();

const ended = new AbortController();
process.stdin.on("end", () => ended.abort()).resume();
await watchBacklogs(
  {
    folders: async () => [{ project: "shop", folder }],
    owner,
    take: mortal(async (_project: string, _file: string, bytes: Uint8Array) => {
      const text = new TextDecoder().decode(bytes);
      appendFileSync(log, `${owner} ${text}\n`);
      return text.includes("bad")
        ? { is: "rejected" as const, problems: "it is bad" }
        : { is: "taken" as const };
    }),
    scanMs: 100,
    settleMs: 20,
    report: (_, error) => void (error === undefined || console.error(error)),
  },
  ended.signal,
);
