import { readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "@ampx/core/user-error";
import { git, tryGit, type GitCall } from "./git.ts";
import { plainText } from "./plain-text.ts";
import { isGitHub, isRemote } from "./remote-url.ts";

/** A repository that tasks fetch from, push to and merge into. */
export interface Repository {
  /** `bare`: made to be pushed to. `clone`: somebody works in it, too. `remote`: on another machine. */
  kind: "bare" | "clone" | "remote";
  /** What identifies it and what git fetches from: the absolute path, without symbolic links, of the bare repository or of the clone's top folder; or an address. */
  url: string;
  /** The absolute path of git's own folder; of the main worktree when there are several; of a remote one, that of ampx's copy. */
  gitDir: string;
  objectFormat: "sha1" | "sha256";
  /** The branch that HEAD names, else the only one, `main` or `master`. */
  defaultBranch: string | null;
  /** All branches, by name. At least one. */
  branches: string[];
}

/** Says what a `--repo` means. Throws a `UserError` for what is no repository, has no commits, or lives on another machine. */
export async function resolveRepository(
  input: string,
  { cwd, signal = neverAborted }: { cwd: string; signal?: AbortSignal },
): Promise<Repository> {
  const path = await localPath(input, cwd);
  const call: GitCall = { cwd: path, signal };
  const { bare, gitDir, commonDir, objectFormat } = await look(path, call);
  if (await isAmpxCopy(commonDir)) {
    throw new UserError(`${path} belongs to ampx itself`, {
      kind: "invalid",
      tryThis: "give the repository that the task was started on",
    });
  }
  const top = bare ? commonDir : await topFolder(path, gitDir, commonDir, call);
  if (!bare) await refuseGitHub(top, call);
  const marked = lines(
    await git(["for-each-ref", "--format=%(HEAD)%(refname:lstrip=2)", "refs/heads"], {
      ...call,
      gitDir: commonDir,
    }),
  );
  const branches = marked.map((line) => line.slice(1));
  if (branches.length === 0) {
    throw new UserError(`${top} has no commits on any branch`, {
      kind: "invalid",
      tryThis: "make a first commit there",
    });
  }
  const head = marked.find((line) => line.startsWith("*"))?.slice(1);
  const defaultBranch = [
    head,
    branches.length === 1 ? branches[0] : undefined,
    "main",
    "master",
  ].find((name) => name !== undefined && branches.includes(name));
  return {
    kind: bare ? "bare" : "clone",
    url: top,
    gitDir: commonDir,
    objectFormat,
    defaultBranch: defaultBranch ?? null,
    branches,
  };
}

const ofThatGitHub = "start the server for its GitHub (ampx serve --github-url <url>)";

const neverAborted = new AbortController().signal;

async function localPath(input: string, cwd: string): Promise<string> {
  const url = /^file:/i.test(input) ? filePath(input) : input;
  const path = resolve(cwd, url);
  const found = await stat(path).catch((error: unknown) =>
    isAbsent(error) ? null : Promise.reject(error),
  );
  if (found?.isDirectory()) return realpath(path);
  if (found !== null)
    throw new UserError(`${path} is a file, not a repository`, {
      kind: "invalid",
      tryThis: "give the folder of a git repository",
    });
  if (isRemote(input)) {
    throw new UserError(
      `${plainText(input, 200)} is on another machine, and not on the GitHub that this server works with`,
      {
        kind: "invalid",
        tryThis: `${ofThatGitHub}, or give the path of a copy: git clone --bare <url>`,
      },
    );
  }
  throw new UserError(`${path} does not exist`, {
    kind: "not_found",
    tryThis: "give the path of a git repository on this machine",
  });
}

function filePath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new UserError(`${plainText(url, 200)} is not the URL of a local folder`, {
      kind: "invalid",
      tryThis: "give its path",
      cause,
    });
  }
}

function isAbsent(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ENOENT" || error.code === "ENOTDIR")
  );
}

async function look(path: string, call: GitCall) {
  const answer = await tryGit(
    [
      "rev-parse",
      "--is-bare-repository",
      "--show-object-format",
      "--absolute-git-dir",
      "--git-common-dir",
    ],
    call,
  );
  if (answer.code !== 0 && /not a git repository/i.test(answer.stderr)) {
    throw new UserError(`${path} is not a git repository`, {
      kind: "invalid",
      tryThis: `git init ${path}, or ampx init for a new project`,
    });
  }
  const found = answer.code === 0 ? answer.stdout : await git(["rev-parse", "--git-dir"], call);
  const [isBare, format, gitDir = "", common = ""] = lines(found);
  const objectFormat = format === "sha256" ? ("sha256" as const) : ("sha1" as const);
  const commonDir = await realpath(resolve(path, common));
  // A worktree is not bare; the repository that it belongs to may be.
  const bare =
    isBare === "true" ||
    (
      await git(["rev-parse", "--is-bare-repository"], {
        ...call,
        cwd: commonDir,
        gitDir: commonDir,
      })
    ).trim() === "true";
  return { bare, objectFormat, gitDir: await realpath(gitDir), commonDir };
}

async function isAmpxCopy(gitDir: string): Promise<boolean> {
  const config = await readFile(join(gitDir, "ampx.config"), "utf8").catch((error: unknown) =>
    isAbsent(error) ? null : Promise.reject(error),
  );
  return config !== null;
}

/** The main worktree's top, for whatever folder inside the clone, one of its worktrees or its `.git`. */
async function topFolder(
  path: string,
  gitDir: string,
  commonDir: string,
  call: GitCall,
): Promise<string> {
  if (basename(commonDir) === ".git") return dirname(commonDir);
  if (gitDir === commonDir) {
    const top = await tryGit(["rev-parse", "--show-toplevel"], call);
    if (top.code === 0) return realpath(top.stdout.replace(/\n$/, ""));
  }
  throw new UserError(`${path} is not the main folder of a repository`, {
    kind: "invalid",
    tryThis: "give the folder of the clone itself",
  });
}

/** A clone of the GitHub that the server works with was known by its origin before. */
async function refuseGitHub(top: string, call: GitCall): Promise<void> {
  const origin = await tryGit(["config", "--get", "remote.origin.url"], { ...call, cwd: top });
  if (!isGitHub(origin.stdout.trim())) return;
  throw new UserError(
    `${top} is a clone of ${plainText(origin.stdout, 200)}, which is not on the GitHub that this server works with`,
    {
      kind: "invalid",
      tryThis: `${ofThatGitHub}, or use a bare copy: git clone --bare ${top} <folder>.git`,
    },
  );
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
