import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { UserError } from "@ampx/core/user-error";

/** What a person gave as text: itself, `-` for what comes on stdin, `@file` for what a file holds. Throws when it is empty or cannot be read. */
export async function textInput(
  flag: string,
  given: string,
  cwd: string,
  stdin: NodeJS.ReadableStream,
): Promise<string> {
  const found = await read(flag, given, cwd, stdin);
  if (found.trim() !== "") return found.trim();
  const source =
    given === "-" ? "What came on stdin" : given.startsWith("@") ? given.slice(1) : flag;
  throw new UserError(`${source} is empty`, {
    kind: "invalid",
    tryThis: `${flag} "what to do", ${flag} @file, or ${flag} - and the text on stdin`,
  });
}

async function read(
  flag: string,
  given: string,
  cwd: string,
  stdin: NodeJS.ReadableStream,
): Promise<string> {
  if (given === "-") return text(stdin);
  if (!given.startsWith("@")) return given;
  const file = resolve(cwd, given.slice(1));
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const reason =
      cause instanceof Error && "code" in cause && cause.code === "ENOENT"
        ? "does not exist"
        : `cannot be read: ${String(cause)}`;
    throw new UserError(`${flag}: ${file} ${reason}`, {
      kind: "invalid",
      tryThis: `${flag} "what to do", or the path of a file that can be read`,
      cause,
    });
  }
}
