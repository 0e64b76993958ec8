import type { Millis } from "@ampx/core";
import type { Settling } from "./settling.ts";
import type { Take } from "./take.ts";
import type { Troubles } from "./troubles.ts";
import type { WaitingFiles } from "./waiting-files.ts";

/** What the scans of one backlog folder work with. All that it remembers may be lost: the files themselves say how far each has come. */
export interface BacklogContext {
  project: string;
  /** The backlog itself, absolute. */
  folder: string;
  owner: string;
  take: Take;
  scanMs: Millis;
  now: () => Millis;
  settling: Settling;
  waiting: WaitingFiles;
  troubles: Troubles;
}
