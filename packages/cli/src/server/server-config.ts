import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Config } from "@ampx/core";
import { loadConfig } from "@ampx/core/config";
import { userConfigFile } from "@ampx/core/home";
import type { Repository } from "@ampx/worker";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the user's file and the environment say. Throws a `UserError` that names all that is wrong. */
export async function readConfig(env: Environment): Promise<Config> {
  return loadConfig({ env, userYaml: await fileIfThere(userConfigFile(env)) }).config;
}

/**
 * The same with what the project says: in `ampx.yaml` beside a bare repository, else in that of the base branch. Never one of
 * a task's own commits, which could raise its budget. `base` is null for a repository without a default branch.
 */
export async function readProjectConfig(
  env: Environment,
  repository: Repository,
  base: string | null,
): Promise<Config> {
  const beside =
    repository.kind === "bare"
      ? await fileIfThere(join(dirname(repository.url), "ampx.yaml"))
      : null;
  const projectYaml = beside ?? (base === null ? null : await fileOfBase(repository.gitDir, base));
  return loadConfig({ env, userYaml: await fileIfThere(userConfigFile(env)), projectYaml }).config;
}

async function fileIfThere(file: string): Promise<{ file: string; text: string } | null> {
  try {
    return { file, text: await readFile(file, "utf8") };
  } catch (error) {
    if (
      error instanceof Error &&
      "code" in error &&
      (error.code === "ENOENT" || error.code === "ENOTDIR")
    )
      return null;
    throw error;
  }
}

async function fileOfBase(
  gitDir: string,
  base: string,
): Promise<{ file: string; text: string } | null> {
  const git = (...args: string[]) =>
    promisify(execFile)("git", ["--git-dir", gitDir, ...args], { maxBuffer: 1024 * 1024 });
  const { stdout: found } = await git("ls-tree", `refs/heads/${base}`, "ampx.yaml");
  const [, blob] = /^100\d+ blob ([0-9a-f]+)\t/.exec(found) ?? [];
  if (blob === undefined) return null;
  return { file: `${base}:ampx.yaml`, text: (await git("cat-file", "blob", blob)).stdout };
}
