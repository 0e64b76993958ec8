import type { Stats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Millis, UserError } from "@ampx/core";
import type { BacklogContext } from "./backlog-context.ts";
import { claimFile, foreignClaims, takingName } from "./claim.ts";
import { ClaimedFiles } from "./claimed-files.ts";
import { errorCode } from "./error-code.ts";
import { processedName, rejectedName } from "./file-away.ts";
import { ownFolder } from "./own-folder.ts";
import { isTicketName, shownName } from "./ticket-name.ts";
import { wordsOf } from "./words-of.ts";

/** One backlog folder. */
export class Backlog {
  readonly #context: BacklogContext;
  readonly #claimed: ClaimedFiles;
  /** Files that other homes hold, and since when. */
  readonly #foreign = new Map<string, Millis>();

  constructor(context: BacklogContext) {
    this.#context = context;
    this.#claimed = new ClaimedFiles(context);
  }

  /** Goes through the folder once. Returns after how long another look is worth it; never throws. */
  async scan(signal: AbortSignal): Promise<Millis> {
    const { troubles } = this.#context;
    try {
      const rest = await this.#scan(signal);
      troubles.forget(wholeFolder);
      return rest;
    } catch (error) {
      const { words, stack } = wordsOf(error);
      troubles.tell(wholeFolder, `nothing is taken: ${words}`, stack);
      return Infinity;
    }
  }

  async #scan(signal: AbortSignal): Promise<Millis> {
    const { folder, settling, troubles, waiting } = this.#context;
    settling.nextScan();
    if (!(await isFolder(folder))) return Infinity;
    for (const name of [takingName, processedName, rejectedName])
      await isFolder(join(folder, name));
    let rest = await this.#claimed.goOnWithAll(signal);
    const names = await this.#names();
    for (const name of names) {
      if (signal.aborted) return 0;
      rest = Math.min(rest, await this.#look(name, signal));
    }
    await this.#lookAtForeign();
    const present = new Set([...names, ...this.#claimed.open, ...this.#foreign.keys()]);
    troubles.keepOnly((about) => about === wholeFolder || present.has(about));
    waiting.keepOnly(present);
    return rest;
  }

  /** In the order of their names, for whoever wants one. */
  async #names(): Promise<string[]> {
    const { folder, troubles } = this.#context;
    const names: string[] = [];
    for (const bytes of await readdir(folder, { encoding: "buffer" })) {
      const name = bytes.toString();
      if (!isTicketName(name)) continue;
      names.push(name);
      if (!Buffer.from(name).equals(bytes))
        troubles.tell(name, `the name of ${shownName(name)} is not UTF-8 text: rename it`);
    }
    return names.toSorted(byName.compare);
  }

  async #look(name: string, signal: AbortSignal): Promise<Millis> {
    const { folder, troubles } = this.#context;
    try {
      return await this.#consider(name, await lstat(join(folder, name)), signal);
    } catch (error) {
      // Gone, or another server has taken it.
      if (errorCode(error) === "ENOENT") return Infinity;
      const { words, stack } = wordsOf(error);
      troubles.tell(name, `${shownName(name)} cannot be taken: ${words}`, stack);
      return Infinity;
    }
  }

  /** Claims a file that is complete, and takes it. */
  async #consider(name: string, found: Stats, signal: AbortSignal): Promise<Millis> {
    const { folder, owner, now, settling, waiting, troubles } = this.#context;
    if (found.isDirectory()) {
      troubles.tell(name, `${shownName(name)} is a folder; only files beside it are looked at`);
      return Infinity;
    }
    const rest = settling.restOf(found) || waiting.restOf(name, found, now());
    if (rest > 0) return rest;
    // Whoever writes slowly makes it empty first.
    if (found.isFile() && found.size === 0) {
      troubles.tell(name, `${shownName(name)} is empty; its content is waited for`);
      return Infinity;
    }
    // Where it will go must be there before it is taken.
    await ownFolder(join(folder, processedName));
    const claim = await claimFile(join(folder, name), owner);
    return claim === undefined ? Infinity : this.#claimed.goOn(claim, signal);
  }

  /** Tells of files that another home holds for long: nobody but a person knows whether it will come back. */
  async #lookAtForeign(): Promise<void> {
    const { folder, owner, now, scanMs, troubles } = this.#context;
    const files = await foreignClaims(folder, owner);
    for (const file of this.#foreign.keys()) if (!files.includes(file)) this.#foreign.delete(file);
    for (const file of files) {
      const since = this.#foreign.get(file) ?? now();
      this.#foreign.set(file, since);
      if (now() - since >= patientScans * scanMs)
        troubles.tell(
          file,
          `${shownName(file.slice(folder.length + 1))} is held by the server of another home. When that one is gone for good, move the file back into the backlog`,
        );
    }
  }
}

/** `t2.yaml` comes before `t10.yaml`. */
const byName = new Intl.Collator("en", { numeric: true });

/** About what a trouble is that is not with one file. */
const wholeFolder = "";

/** A file is another server's for some milliseconds; after so many scans something is wrong. */
const patientScans = 10;

/** Whether a folder is there. Throws a `UserError` when it is anything else: a link could lead anywhere. */
async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await lstat(path)).isDirectory()) return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
  throw new UserError(`${path} is not a folder`, { kind: "conflict", tryThis: "move it away" });
}
