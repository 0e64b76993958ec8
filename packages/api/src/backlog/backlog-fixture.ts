import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Backlog } from "./backlog.ts";
import { Settling } from "./settling.ts";
import type { Taken } from "./take.ts";
import { Troubles } from "./troubles.ts";
import { WaitingFiles } from "./waiting-files.ts";

/** What a test's `take` answers, by the text of the file. */
export type Answer = (text: string, file: string) => Promise<Taken> | Taken;

/** A backlog on disk, and servers that look at it when the test says so, with a clock that the test sets. */
export async function backlogStage(answer: Answer = () => ({ is: "taken" })) {
  const outer = await mkdtemp(join(tmpdir(), "backlog-"));
  const folder = join(outer, "backlog");
  await mkdir(folder);
  const stage = {
    outer,
    folder,
    now: 0,
    /** What `take` was given, each as `file text`. */
    taken: [] as string[],
    reports: [] as string[],
    answer,
    put: (name: string, text = `text of ${name}`) => writeFile(join(folder, name), text),
    /** Another server, of the same home when it has the same owner. */
    server(owner = "home-1"): Backlog {
      return new Backlog({
        project: "shop",
        folder,
        owner,
        take: async (_, file, bytes) => {
          const text = new TextDecoder().decode(bytes);
          stage.taken.push(`${file} ${text}`);
          return stage.answer(text, file);
        },
        scanMs: 10_000,
        now: () => stage.now,
        settling: new Settling(1_000, () => stage.now),
        waiting: new WaitingFiles(),
        troubles: new Troubles((message) => stage.reports.push(message)),
      });
    },
    /** Two looks with the time between them that a file needs to settle. */
    async settled(server: Backlog): Promise<number> {
      await server.scan(never);
      stage.now += 1_000;
      return server.scan(never);
    },
    /** Every file and folder below the backlog, without the folders of claims that are empty. */
    files: () => filesBelow(folder),
    [Symbol.asyncDispose]: () => rm(outer, { recursive: true, force: true }),
  };
  return stage;
}

export const never = new AbortController().signal;

/** Files by their paths below a folder, in order. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .toSorted();
}
