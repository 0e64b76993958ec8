import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

/** Survives between runs; not part of the repository. */
const cacheOfClone = join(import.meta.dirname, "../../node_modules/.cache/ampx-agents");

export interface NpmOptions {
  /** The folder that keeps what was installed. */
  cache?: string;
  env?: NodeJS.ProcessEnv;
}

/**
 * A folder into whose `node_modules` npm has installed exactly these packages, such as `["tape@3.6.1"]`, without running any
 * script of theirs. Installed once, then kept: no network is needed any more. It may be called by many at once.
 */
export async function npmPackages(
  packages: string[],
  { cache = cacheOfClone, env = {} }: NpmOptions = {},
): Promise<string> {
  const folder = join(cache, packages.join("+").replaceAll("/", "-"));
  if (existsSync(folder)) return folder;

  await mkdir(cache, { recursive: true });
  await removeStaleDrafts(cache);
  const draft = await mkdtemp(join(cache, draftPrefix));
  try {
    await install(packages, draft, env);
    // Whole or not at all.
    await rename(draft, folder);
  } catch (error) {
    // Somebody else was faster.
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

async function install(packages: string[], folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  const args = ["install", "--prefix", folder, "--ignore-scripts", "--save-exact", ...quiet];
  const { failed, exitCode, originalMessage, all } = await execa(
    "npm",
    [...args, "--prefer-offline", ...packages],
    // A newer npm would keep compiled code among the temporary files.
    {
      cwd: folder,
      env: { NODE_DISABLE_COMPILE_CACHE: "1", ...env },
      all: true,
      reject: false,
      timeout: installMs,
    },
  );
  if (!failed) return;
  const how = exitCode === undefined ? originalMessage : `npm exited with ${exitCode}`;
  throw new Error(
    [
      `The set-up of this test failed at: npm install ${packages.join(" ")} (${how})`,
      all.trim().slice(-2_000),
      "try: see whether npm reaches its registry (npm ping) and the disk has room, then run the tests again",
    ].join("\n"),
  );
}

/** Of runs that were killed. One that is still being filled is younger than any install may last. */
async function removeStaleDrafts(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(draftPrefix)) continue;
    const draft = join(cache, name);
    // It may just have become what it was made for.
    const made = await stat(draft).catch(() => undefined);
    if (made !== undefined && Date.now() - made.birthtimeMs > 2 * installMs)
      await rm(draft, { recursive: true, force: true });
  }
}

const draftPrefix = "draft-";
const installMs = 200_000;
