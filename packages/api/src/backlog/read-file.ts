import { constants } from "node:fs";
import { lstat, open, readlink, type FileHandle } from "node:fs/promises";
import { TransientError } from "@ampx/core";
import { maxTicketBytes } from "@ampx/core/ticket/index";
import { errorCode } from "./error-code.ts";
import { fingerprint } from "./settling.ts";
import { shownName } from "./ticket-name.ts";

/**
 * Reads what was claimed, or says why it is no file of tickets. A link is not followed, a pipe not waited for, and no more is read than a file may have.
 * Throws a `TransientError` when it changes meanwhile.
 */
export async function readFile(path: string): Promise<{ bytes: Uint8Array } | { problem: string }> {
  const found = await lstat(path);
  if (found.isSymbolicLink())
    return {
      problem: `It is a symbolic link, to ${shownName(await readlink(path))}. Links are not followed: put the file itself here.`,
    };
  if (!found.isFile()) return notAFile;
  try {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    await using handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    return await readHandle(handle);
  } catch (error) {
    const code = errorCode(error);
    if (code === "EACCES" || code === "EPERM")
      return { problem: "ampx may not read it: give it the right to (chmod a+r)." };
    throw error;
  }
}

const notAFile = { problem: "It is not a file. A ticket is a text file in YAML." };

async function readHandle(
  handle: FileHandle,
): Promise<{ bytes: Uint8Array } | { problem: string }> {
  const before = await handle.stat();
  if (!before.isFile()) return notAFile;
  if (before.size > maxTicketBytes)
    return {
      problem: `It has ${before.size} bytes; a file of tickets may have ${maxTicketBytes}.`,
    };
  const buffer = Buffer.alloc(before.size + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  if (fingerprint(await handle.stat()) !== fingerprint(before))
    throw new TransientError("it was written to while it was read");
  return { bytes: buffer.subarray(0, length) };
}
