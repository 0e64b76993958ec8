import { mkdir, open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

/** The raw output of a turn. */
export interface RawFile extends AsyncDisposable {
  /** Returns what went wrong, the first time that something does; from then on nothing is kept. */
  append(text: string): Promise<string | undefined>;
}

/** Opens a turn's raw output for appending; null keeps nothing. A full disk costs the raw output, not the turn. */
export async function openRawFile(path: string | null): Promise<RawFile> {
  let fault: string | undefined;
  let file: FileHandle | undefined;
  const attempt = async (deed: () => Promise<void>) => {
    try {
      await deed();
    } catch (error) {
      // Told once, by `append`.
      fault = error instanceof Error ? error.message : String(error);
      await file?.close();
      file = undefined;
    }
  };
  if (path !== null) {
    await attempt(async () => {
      await mkdir(dirname(path), { recursive: true });
      file = await open(path, "a", 0o600);
    });
  }
  return {
    async append(text) {
      if (file !== undefined && text !== "") await attempt(async () => file?.appendFile(text));
      const told = fault;
      fault = undefined;
      return told;
    },
    async [Symbol.asyncDispose]() {
      await file?.close();
    },
  };
}
