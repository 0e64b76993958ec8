import { mkdtemp, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { gitEnv } from "./git/git.ts";

/** A clone over HTTP, as somebody with a token has it. */
export interface Clone extends AsyncDisposable {
  readonly folder: string;
  git(...args: string[]): Promise<{ stdout: string; stderr: string; failed: boolean }>;
  /** Writes the files and commits them. Returns the commit. */
  commit(files: Record<string, string>, message?: string): Promise<string>;
}

/** The token reaches git by its environment. An empty one is none. */
export async function cloneOf(url: string, token: string): Promise<Clone> {
  const folder = await mkdtemp(join(tmpdir(), "clone-"));
  const env = { ...gitEnv, ...authorization(token) };
  const git = async (...args: string[]) => {
    const { stdout, stderr, failed } = await execa("git", args, {
      cwd: folder,
      env,
      reject: false,
    });
    return { stdout, stderr, failed };
  };
  const cloned = await git("clone", "-q", url, ".");
  if (cloned.failed) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(cloned.stderr);
  }
  return {
    folder,
    git,
    async commit(files, message = "A change") {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
      await git("add", "-A");
      await git("commit", "-q", "-m", message);
      return (await git("rev-parse", "HEAD")).stdout;
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function authorization(token: string): Record<string, string> {
  if (token === "") return {};
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}
