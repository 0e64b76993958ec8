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
  const projectYaml =
    beside ?? (base === null ? null : await fileOfBase(repository, base, "ampx.yaml"));
  return loadConfig({ env, userYaml: await fileIfThere(userConfigFile(env)), projectYaml }).config;
}

/** In characters. A longer one is a manual, and would crowd out the task: of that, the beginning. */
const maxPreamble = 20_000;

/** What the project tells every agent: `.ampx/prompt.md` of the base branch, or beside a bare repository. Empty when there is none. */
export async function readPreamble(repository: Repository, base: string): Promise<string> {
  const name = ".ampx/prompt.md";
  const beside =
    repository.kind === "bare" ? await fileIfThere(join(dirname(repository.url), name)) : null;
  const text = (beside ?? (await fileOfBase(repository, base, name)))?.text ?? "";
  if (text.length <= maxPreamble) return text;
  return `${text.slice(0, maxPreamble).toWellFormed()}\n(cut by ampx: ${name} has ${text.length} characters)`;
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
  { gitDir, kind }: Repository,
  base: string,
  name: string,
): Promise<{ file: string; text: string } | null> {
  const git = (...args: string[]) =>
    promisify(execFile)("git", ["--git-dir", gitDir, ...args], { maxBuffer: 1024 * 1024 });
  // Of a repository elsewhere, ampx's copy holds the branches as they were fetched.
  const heads = kind === "remote" ? "refs/remotes/origin" : "refs/heads";
  const { stdout: found } = await git("ls-tree", `${heads}/${base}`, name);
  const [, blob] = /^100\d+ blob ([0-9a-f]+)\t/.exec(found) ?? [];
  if (blob === undefined) return null;
  return { file: `${base}:${name}`, text: (await git("cat-file", "blob", blob)).stdout };
}
