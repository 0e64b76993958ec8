import { open, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { maxTicketBytes } from "@ampx/core/ticket/index";
import { UserError } from "@ampx/core/user-error";

/** A file as it was found; `file` as a person would write it. */
export interface TicketFile {
  file: string;
  bytes: Uint8Array;
}

/**
 * Reads the files that a person has named, in order and each once: a folder stands for its `.yaml` and `.yml` files by name, `-` for what comes on stdin.
 * Links in a folder and hidden files are left out, as a backlog does. Throws a
 * `UserError` for what is not there or cannot be read.
 */
export async function ticketFiles(
  paths: readonly string[],
  stdin: AsyncIterable<Uint8Array>,
): Promise<TicketFile[]> {
  const found: TicketFile[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    for (const file of path === "-" ? ["-"] : await filesAt(path)) {
      const key = file === "-" ? file : resolve(file);
      if (seen.has(key)) continue;
      seen.add(key);
      found.push(
        file === "-"
          ? { file: "stdin", bytes: await upToCap(stdin) }
          : { file, bytes: await readCapped(file) },
      );
    }
  }
  return found;
}

async function filesAt(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path, { withFileTypes: true }))
      .filter((entry) => entry.isFile() && /^[^.].*\.ya?ml$/is.test(entry.name))
      .map(({ name }) => name);
    if (names.length === 0)
      throw new UserError(`${path} holds no .yaml file`, {
        kind: "not_found",
        tryThis: "a folder of tickets, or a file",
      });
    return names.toSorted().map((name) => join(path, name));
  } catch (error) {
    throw readable(path, error);
  }
}

/** No more than what is too much already is read. */
async function readCapped(file: string): Promise<Uint8Array> {
  try {
    await using handle = await open(file);
    return await upToCap(handle.createReadStream({ end: maxTicketBytes, autoClose: false }));
  } catch (error) {
    throw readable(file, error);
  }
}

async function upToCap(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxTicketBytes) break;
  }
  return Buffer.concat(chunks);
}

function readable(path: string, cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
  return new UserError(
    isMissing ? `${path} does not exist` : `${path} cannot be read: ${String(cause)}`,
    { kind: isMissing ? "not_found" : "invalid", tryThis: "a file or a folder of tickets", cause },
  );
}
