import { createHash, randomUUID } from "node:crypto";
import { link, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isAlive, parseHolder, thisProcess, type Holder } from "./holder.ts";

/** What the holder of a lock tells others, such as the port it listens on. Must survive JSON. */
export type LockNote = Record<string, unknown>;

export interface LockHolder extends Holder {
  note: LockNote;
}

/** Held until it is disposed of or the process ends. */
export interface ProcessLock extends AsyncDisposable {
  readonly file: string;
  /** Dead holders whom this one replaced, newest first: whatever they left behind is now ours to clean up. */
  readonly replaced: LockHolder[];
  /** Replaces the note, for readers at once. */
  describe(note: LockNote): Promise<void>;
}

/**
 * Takes a lock that at most one process on this machine holds, or says who does; does not wait. A process that holds it already is
 * told its own name. A dead holder is replaced: of several who try, exactly one succeeds. The folder must exist, on a file system with hard links.
 */
export async function acquireProcessLock(
  file: string,
  note: LockNote = {},
): Promise<ProcessLock | { heldBy: LockHolder }> {
  const nonce = randomUUID();
  const draft = `${file}.${nonce}.new`;
  try {
    await writeDurably(draft, contentOf(nonce, note));
    const replaced: LockHolder[] = [];
    const heldBy = await take(file, draft, replaced);
    if (heldBy !== null) return { heldBy };
    if (replaced.length > 0) await sweepBeside(file);
    return new HeldLock(file, nonce, replaced);
  } finally {
    await rm(draft, { force: true });
  }
}

/** The living holder, or null. One of another host counts as living. */
export async function readProcessLock(file: string): Promise<LockHolder | null> {
  const found = await read(file);
  return found === null || isDead(found.holder) ? null : found.holder;
}

/**
 * Gives `file` the content of `draft` if nobody who lives holds it; returns who does otherwise.
 *
 * A lock file is never empty or half-written: it appears by link(2), which fails when the name is taken. It is replaced only by whoever
 * holds the lock named after its nonce, `<file>.<nonce>`, and only while it still has that nonce. Nonces never come back, so a right to
 * replace that is won late is worthless and noticed. The one who wins it may die too: then his lock is taken over in the same way.
 */
async function take(
  file: string,
  draft: string,
  replaced: LockHolder[],
): Promise<LockHolder | null> {
  for (;;) {
    if (await linked(draft, file)) return null;
    const found = await read(file);
    if (found === null) continue;
    if (!isDead(found.holder)) return found.holder;
    const successor = `${file}.${found.nonce}`;
    const taker = await take(successor, draft, replaced);
    if (taker !== null) return taker;
    if ((await read(file))?.nonce === found.nonce) {
      await rename(successor, file);
      replaced.push(...(found.holder === null ? [] : [found.holder]));
      return null;
    }
    await rm(successor, { force: true });
  }
}

/** Removes what takers left who died on their way. It gives nobody a right, so when it goes does not matter. */
async function sweepBeside(file: string): Promise<void> {
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(`${basename(file)}.`)) continue;
    const found = await read(join(dirname(file), name));
    // A draft that is being written has no holder yet.
    const holder = found?.holder ?? null;
    if (holder !== null && isDead(holder)) await rm(join(dirname(file), name), { force: true });
  }
}

class HeldLock implements ProcessLock {
  readonly file: string;
  readonly replaced: LockHolder[];
  readonly #nonce: string;

  constructor(file: string, nonce: string, replaced: LockHolder[]) {
    this.file = file;
    this.replaced = replaced;
    this.#nonce = nonce;
  }

  async describe(note: LockNote): Promise<void> {
    const draft = `${this.file}.${this.#nonce}.new`;
    await writeDurably(draft, contentOf(this.#nonce, note));
    await rename(draft, this.file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nobody takes a lock from the living, so between this look and the removal it stays ours. Somebody may have removed it by hand.
    if ((await read(this.file))?.nonce === this.#nonce) await rm(this.file, { force: true });
  }
}

function contentOf(nonce: string, note: LockNote): string {
  return `${JSON.stringify({ ...thisProcess(), nonce, note })}\n`;
}

async function read(file: string): Promise<{ holder: LockHolder | null; nonce: string } | null> {
  const text = await readFile(file, "utf8").catch((error: unknown) =>
    isCode(error, "ENOENT") ? null : Promise.reject(error),
  );
  return text === null ? null : parse(text);
}

/** A file that is no lock (a person wrote it, a power cut tore it) has a dead holder, and its content for a nonce. */
function parse(text: string): { holder: LockHolder | null; nonce: string } {
  const json = parseJson(text);
  const holder = parseHolder(json);
  if (
    holder !== null &&
    json !== null &&
    "nonce" in json &&
    typeof json.nonce === "string" &&
    /^[0-9a-f-]{36}$/.test(json.nonce)
  ) {
    const note = "note" in json && isNote(json.note) ? json.note : {};
    return { holder: { ...holder, note }, nonce: json.nonce };
  }
  return { holder: null, nonce: createHash("sha256").update(text).digest("hex").slice(0, 32) };
}

function parseJson(text: string): object | null {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" ? json : null;
  } catch {
    // Not JSON, so not a lock of ours.
    return null;
  }
}

function isNote(value: unknown): value is LockNote {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDead(holder: Holder | null): boolean {
  return holder === null || isAlive(holder) === false;
}

async function linked(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** On disk before it has a name that counts, so that a power cut leaves no empty lock. */
async function writeDurably(file: string, text: string): Promise<void> {
  await using handle = await open(file, "wx", 0o644);
  await handle.writeFile(text);
  await handle.sync();
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
