import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";

export type Files = Record<string, string>;

export interface RepositoryFixture extends AsyncDisposable {
  /** The temporary folder around everything, without symbolic links. */
  root: string;
  /** The repository itself. */
  path: string;
  /** A fresh ampx home. */
  home: string;
  /** Runs git there, or in another folder, with a configuration of its own; returns trimmed stdout. */
  git(args: string[], cwd?: string): Promise<string>;
  /** Adds a commit to a branch as somebody else would, through a clone of their own for a bare repository. Returns its id. */
  commit(files: Files, options?: { branch?: string; message?: string }): Promise<string>;
}

/** For tests: a real git repository with one commit on `main`, in a temporary folder. `files: null` makes none. */
export async function makeRepository({
  kind = "bare",
  files = { "README.md": "hello\n" },
  name = kind === "bare" ? "project.git" : "project",
}: {
  kind?: "bare" | "clone";
  files?: Files | null;
  name?: string;
} = {}): Promise<RepositoryFixture> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "ampx git ")));
  const path = join(root, name);
  const colleague = join(root, "colleague");
  const git = async (args: string[], cwd = path) =>
    (await execa("git", args, { cwd, env: fixtureEnvironment() })).stdout.trim();

  await mkdir(path, { recursive: true });
  await git(["init", "--quiet", "--initial-branch=main", ...(kind === "bare" ? ["--bare"] : [])]);
  const fixture: RepositoryFixture = {
    root,
    path,
    home: join(root, "home"),
    git,
    async commit(changes, { branch = "main", message = "Change" } = {}) {
      if (kind === "bare") {
        await rm(colleague, { recursive: true, force: true });
        await git(["clone", "--quiet", path, colleague], root);
      }
      const cwd = kind === "bare" ? colleague : path;
      const exists = await git(["branch", "--all", "--list", branch, `origin/${branch}`], cwd);
      if (exists !== "") await git(["checkout", "--quiet", branch], cwd);
      else if (files !== null) await git(["checkout", "--quiet", "-b", branch], cwd);
      await writeFiles(cwd, changes);
      await git(["add", "--all"], cwd);
      await git(["commit", "--quiet", "--allow-empty", "-m", message], cwd);
      if (kind === "bare")
        await git(["push", "--quiet", "origin", `HEAD:refs/heads/${branch}`], cwd);
      return git(["rev-parse", "HEAD"], cwd);
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
  if (files !== null) {
    if (kind === "bare") {
      await git(["clone", "--quiet", path, colleague], root);
      await git(["checkout", "--quiet", "-B", "main"], colleague);
    }
    const cwd = kind === "bare" ? colleague : path;
    await writeFiles(cwd, files);
    await git(["add", "--all"], cwd);
    await git(["commit", "--quiet", "-m", "First"], cwd);
    if (kind === "bare") await git(["push", "--quiet", "origin", "HEAD:refs/heads/main"], cwd);
  }
  return fixture;
}

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

export function readText(...path: string[]): Promise<string> {
  return readFile(join(...path), "utf8");
}

function fixtureEnvironment(): Record<string, string> {
  const person = { NAME: "Somebody", EMAIL: "somebody@example.org" };
  return {
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: person.NAME,
    GIT_AUTHOR_EMAIL: person.EMAIL,
    GIT_COMMITTER_NAME: person.NAME,
    GIT_COMMITTER_EMAIL: person.EMAIL,
  };
}
