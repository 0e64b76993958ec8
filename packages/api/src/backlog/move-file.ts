import { link, lstat, open, rename, unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { errorCode } from "./error-code.ts";
import { numberedName } from "./ticket-name.ts";

/**
 * Moves a file into a folder, under its name or one with a number where that is taken: nothing is ever overwritten. `beforeGone` is awaited
 * when the file has its new name, and still its old one. After a crash in between, a repeat finds the new name and completes the move.
 */
export async function moveFile(
  file: string,
  folder: string,
  beforeGone: (target: string) => Promise<void> = async () => {},
): Promise<string> {
  for (let number = 1; ; number++) {
    const target = join(folder, numberedName(basename(file), number));
    const placed = await place(file, target);
    if (placed === "taken") continue;
    await beforeGone(target);
    if (placed === "linked") await unlink(file);
    else await rename(file, target);
    return target;
  }
}

async function place(file: string, target: string): Promise<"linked" | "reserved" | "taken"> {
  const source = await lstat(file);
  // link(2) follows symbolic links on some systems.
  if (!source.isFile()) return reserve(target);
  try {
    await link(file, target);
    return "linked";
  } catch (error) {
    const code = errorCode(error);
    if (code === "EEXIST") {
      const there = await lstat(target);
      return there.dev === source.dev && there.ino === source.ino ? "linked" : "taken";
    }
    if (code !== undefined && noHardLinks.has(code)) return reserve(target);
    throw error;
  }
}

const noHardLinks = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** Where there are no hard links, an empty file of ours holds the name; after a crash it stays, and the next one gets a number. */
async function reserve(target: string): Promise<"reserved" | "taken"> {
  try {
    await using _held = await open(target, "wx");
    return "reserved";
  } catch (error) {
    if (errorCode(error) === "EEXIST") return "taken";
    throw error;
  }
}
