import { execa } from "execa";
import type { Repository } from "../repository.ts";

export interface GitOptions {
  readonly input?: string;
  readonly env?: Record<string, string>;
}

/** Standard output of git in the bare repository. Throws when git fails. */
export async function git(
  repository: Pick<Repository, "folder">,
  args: string[],
  { input, env = {} }: GitOptions = {},
): Promise<string> {
  const options = { cwd: repository.folder, env: { ...gitEnv, ...env } };
  const { stdout } = await execa(
    "git",
    args,
    input === undefined ? options : { ...options, input },
  );
  return stdout;
}

/** As `git`, but undefined when git fails. */
export async function tryGit(
  repository: Pick<Repository, "folder">,
  args: string[],
  options: GitOptions = {},
): Promise<string | undefined> {
  try {
    return await git(repository, args, options);
  } catch {
    // What was asked for is not there, or does not fit: the caller knows which.
    return undefined;
  }
}

/** Nothing of the machine's own git settings reaches the fake. */
export const gitEnv = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_AUTHOR_NAME: "GitHub",
  GIT_AUTHOR_EMAIL: "noreply@github.com",
  GIT_COMMITTER_NAME: "GitHub",
  GIT_COMMITTER_EMAIL: "noreply@github.com",
};
