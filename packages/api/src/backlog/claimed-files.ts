import { lstat, unlink } from "node:fs/promises";
import { basename } from "node:path";
import { type Millis, UserError } from "@ampx/core";
import type { BacklogContext } from "./backlog-context.ts";
import { type Claim, claimedFile, claimFolders, endClaim } from "./claim.ts";
import { fileProcessed, fileRejected, wasProcessed } from "./file-away.ts";
import { moveFile } from "./move-file.ts";
import { readFile } from "./read-file.ts";
import type { Taken } from "./take.ts";
import { shownName } from "./ticket-name.ts";
import { wordsOf } from "./words-of.ts";

/** The claims of a backlog, each brought from reading through taking to filing away. */
export class ClaimedFiles {
  readonly #context: BacklogContext;
  /** Those that are not done, by their folder. */
  readonly #claims = new Map<string, Claim>();

  constructor(context: BacklogContext) {
    this.#context = context;
  }

  /** Goes on with what is left of earlier scans and of earlier processes. Returns after how long it is worth to look again. */
  async goOnWithAll(signal: AbortSignal): Promise<Millis> {
    const folders = new Set(await claimFolders(this.#context.folder, this.#context.owner));
    for (const folder of this.#claims.keys()) if (!folders.has(folder)) this.#claims.delete(folder);
    let rest = Infinity;
    for (const folder of folders) {
      if (signal.aborted) return 0;
      const claim = this.#claims.get(folder) ?? { folder, resumed: true, failures: 0, nextAt: 0 };
      rest = Math.min(rest, await this.goOn(claim, signal));
    }
    return rest;
  }

  /** Brings a claimed file as far as it gets. What fails is tried again, at the next scan and then more and more seldom. */
  async goOn(claim: Claim, signal: AbortSignal): Promise<Millis> {
    const { now, scanMs, troubles } = this.#context;
    this.#claims.set(claim.folder, claim);
    let name = basename(claim.folder);
    try {
      const file = await claimedFile(claim.folder);
      if (file !== undefined) {
        name = shownName(basename(file));
        const unsettled = this.#context.settling.restOf(await lstat(file));
        const wait = Math.max(unsettled, claim.nextAt - now());
        if (wait > 0) return wait;
      }
      const rest = file === undefined ? Infinity : await this.#complete(claim, file);
      await endClaim(claim.folder);
      this.#claims.delete(claim.folder);
      return rest;
    } catch (error) {
      // The next process goes on with it.
      if (signal.aborted) return 0;
      const pause = scanMs * 2 ** Math.min(claim.failures++, 3);
      claim.nextAt = now() + pause;
      const { words, stack } = wordsOf(error);
      const what =
        claim.outcome === undefined
          ? "cannot be taken yet"
          : `is ${claim.outcome.is}, but cannot be filed away`;
      troubles.tell(claim.folder, `${name} ${what}: ${words}. It is tried again`, stack);
      return pause;
    }
  }

  /** The folders of claims that are not done. */
  get open(): Iterable<string> {
    return this.#claims.keys();
  }

  async #complete(claim: Claim, file: string): Promise<Millis> {
    const { folder, now, scanMs, waiting, troubles } = this.#context;
    const found = await lstat(file);
    if (claim.resumed && (await wasProcessed(found, folder))) {
      await unlink(file);
      return Infinity;
    }
    const outcome = (claim.outcome ??= await this.#take(file));
    switch (outcome.is) {
      case "taken":
        await fileProcessed(file, folder);
        return waiting.anotherTaken() ? 0 : Infinity;
      case "rejected": {
        const target = await fileRejected(file, folder, outcome.problems);
        troubles.tell(
          target,
          `${shownName(basename(file))} is rejected; rejected/${shownName(basename(target))}.error.txt says why`,
        );
        return Infinity;
      }
      case "waiting": {
        const name = basename(await moveFile(file, folder));
        waiting.put(name, found, now() + scanMs);
        troubles.tell(name, `${shownName(name)} waits: ${outcome.reason}`);
        return scanMs;
      }
    }
  }

  async #take(file: string): Promise<Taken> {
    const { project, folder, take } = this.#context;
    const read = await readFile(file);
    if ("problem" in read) return { is: "rejected", problems: read.problem };
    try {
      return await take(project, `${basename(folder)}/${shownName(basename(file))}`, read.bytes);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { message, tryThis } = error;
      return {
        is: "rejected",
        problems: tryThis === undefined ? message : `${message}\nTry: ${tryThis}`,
      };
    }
  }
}
