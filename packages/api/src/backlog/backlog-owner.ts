import { randomUUID } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { UserError } from "@ampx/core";
import { errorCode } from "./error-code.ts";

/**
 * The name under which a home takes files from backlogs, kept in `file` and made when it is not there. It tells two servers apart that look at one
 * folder: what was being taken when a server died is gone on with by its own home only, which knows whether the ticket is enqueued already.
 * Throws a `UserError` when the file holds anything else.
 */
export async function backlogOwner(file: string): Promise<string> {
  const draft = `${file}.${randomUUID()}`;
  try {
    for (;;) {
      const found = (await readFile(file, "utf8").catch(missing))?.trim();
      if (found !== undefined && /^[0-9a-f-]{36}$/.test(found)) return found;
      if (found !== undefined)
        throw new UserError(`${file} does not name a home`, {
          kind: "invalid",
          tryThis: `rm ${file}, and start the server again`,
        });
      await writeFile(draft, `${randomUUID()}\n`, { mode: 0o600, flush: true });
      await link(draft, file).catch(takenMeanwhile);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

function missing(error: unknown): undefined {
  if (errorCode(error) !== "ENOENT") throw error;
}

function takenMeanwhile(error: unknown): void {
  if (errorCode(error) !== "EEXIST") throw error;
}
