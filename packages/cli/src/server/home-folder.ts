import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { homePaths } from "@ampx/core/home";

/** Makes the home, closed to other users, and its token, unless they are there. Returns the token. */
export async function prepareHome(home: string): Promise<string> {
  const paths = homePaths(home);
  await mkdir(home, { recursive: true, mode: 0o700 });
  await chmod(home, 0o700);
  for (const folder of [dirname(paths.serverFile), paths.logs, paths.tmp])
    await mkdir(folder, { recursive: true, mode: 0o700 });
  return readOrMakeToken(paths.token);
}

async function readOrMakeToken(file: string): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
  try {
    // Appears whole or not at all, and never replaces the one that others use already.
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await chmod(file, 0o600);
  return (await readFile(file, "utf8")).trim();
}
