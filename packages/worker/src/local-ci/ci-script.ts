import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Sha } from "@ampx/core";
import { execa } from "execa";
import { gitConfig, gitEnvironment } from "../git/git-environment.ts";
import { git, tryGit, type GitCall } from "../git/git.ts";
import type { Repository } from "../git/repository.ts";

export type CiScript =
  | { is: "found"; from: "beside"; file: string }
  /** `blob` is the script as it is in `commit`, on branch `base`. */
  | { is: "found"; from: "base"; base: string; commit: Sha; blob: Sha }
  | { is: "none"; reason: string };

/**
 * Which `ci.sh` judges a commit: the one beside the bare repository, else the one of the base branch, for nobody may write his own verdict. A
 * commit on the base branch itself is judged by its own.
 */
export async function findScript(
  repository: Repository,
  commit: { ref: string; sha: Sha; base: string | null },
  signal: AbortSignal,
): Promise<CiScript> {
  const beside = join(dirname(repository.url), "ci.sh");
  if (repository.kind === "bare" && (await isFile(beside)))
    return { is: "found", from: "beside", file: beside };

  const none =
    repository.kind === "bare" ? `no ci.sh beside ${repository.url}, and none` : "no ci.sh";
  const { base } = commit;
  if (base === null)
    return { is: "none", reason: `${none} on a base branch: it has no default branch` };
  const call: GitCall = { cwd: repository.gitDir, gitDir: repository.gitDir, signal };
  const rev = commit.ref === `refs/heads/${base}` ? commit.sha : await tipOf(base, call);
  if (rev === null) return { is: "none", reason: `${none} on ${base}: no such branch` };
  const entry = await git(["ls-tree", "--full-tree", rev, "--", "ci.sh"], call);
  const [, kind, blob] = /^(\d+) \w+ ([0-9a-f]+)\t/.exec(entry) ?? [];
  if (kind === undefined || blob === undefined) return { is: "none", reason: `${none} on ${base}` };
  if (!kind.startsWith("100"))
    return { is: "none", reason: `ci.sh on ${base} is not a plain file` };
  return { is: "found", from: "base", base, commit: rev, blob };
}

/** The script's very bytes: the attributes of the commit under test have no say in them. */
export async function scriptContent(
  repository: Repository,
  blob: Sha,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { gitDir } = repository;
  const { stdout } = await execa("git", [...gitConfig([]), "cat-file", "blob", blob], {
    cwd: gitDir,
    env: gitEnvironment({ gitDir }),
    extendEnv: false,
    encoding: "buffer",
    stripFinalNewline: false,
    cancelSignal: signal,
  });
  return stdout;
}

/** How to run a script, executable or not, on a file system that allows it or not: by the interpreter that it names, else by sh. */
export async function commandFor(file: string): Promise<string[]> {
  const [line = ""] = (await readFile(file, "latin1")).split("\n", 1);
  const [, interpreter, argument] = /^#![ \t]*(\S+)[ \t]*(.*?)\s*$/.exec(line) ?? [];
  if (interpreter === undefined) return ["/bin/sh", file];
  if (interpreter.startsWith("/") && !(await isFile(interpreter)))
    throw new Error(`${interpreter}, which ci.sh names, is not there`);
  return [interpreter, ...(argument === undefined || argument === "" ? [] : [argument]), file];
}

async function tipOf(branch: string, call: GitCall): Promise<Sha | null> {
  const { code, stdout } = await tryGit(
    ["rev-parse", "--verify", "--quiet", `refs/heads/${branch}^{commit}`],
    call,
  );
  return code === 0 ? stdout.trim() : null;
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) =>
    error instanceof Error &&
    "code" in error &&
    (error.code === "ENOENT" || error.code === "ENOTDIR")
      ? null
      : Promise.reject(error),
  );
  return found?.isFile() === true;
}
