import { readFile } from "node:fs/promises";
import type { ServerFile } from "@ampx/core";
import { homePaths } from "@ampx/core/home";
import { isAlive, parseHolder } from "@ampx/store/holder";

/**
 * The server of this home, if one runs. What a killed one left counts as none: its process id and its port may be anybody's
 * by now, and that one must not be sent the token. The lock tells, for it knows processes by their start.
 */
export async function findServer(home: string): Promise<ServerFile | undefined> {
  const paths = homePaths(home);
  const server = parseServerFile(await readIfThere(paths.serverFile));
  if (server === undefined) return undefined;
  const holder = parseHolder(parsedOrNull((await readIfThere(paths.serverLock)) ?? ""));
  return holder?.pid === server.pid && isAlive(holder) === true ? server : undefined;
}

/** The token that the API of this home asks for; undefined when no server was ever started there. */
export async function readToken(home: string): Promise<string | undefined> {
  return (await readIfThere(homePaths(home).token))?.trim();
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

// By hand, because the schema library takes longer to load than the rest of `ampx ls`.
function parseServerFile(text: string | undefined): ServerFile | undefined {
  if (text === undefined) return undefined;
  const file: unknown = parsedOrNull(text);
  if (typeof file !== "object" || file === null) return undefined;
  if (!("pid" in file && "url" in file && "version" in file && "started_at" in file))
    return undefined;
  const { pid, url, version, started_at } = file;
  if (
    !Number.isInteger(pid) ||
    typeof pid !== "number" ||
    typeof url !== "string" ||
    !URL.canParse(url)
  )
    return undefined;
  return { pid, url, version: String(version), started_at: String(started_at) };
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A file that is no JSON is as good as none: the next start replaces it.
    return null;
  }
}
