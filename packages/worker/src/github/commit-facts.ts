import type { Sha, Unseen } from "@ampx/core";
import { tryGit, type GitCall } from "../git/git.ts";

/** What a commit itself says of its CI. */
export type CommitFacts = Pick<Unseen, "workflows" | "message" | "files">;

/** Reads them from the repository's copy on this machine; what is not there is unknown. */
export async function commitFacts(
  gitDir: string,
  sha: Sha,
  base: string,
  signal: AbortSignal,
): Promise<CommitFacts> {
  const here: GitCall = { cwd: gitDir, gitDir, signal };
  const message = await tryGit(["log", "-1", "--format=%B", sha], here);
  if (message.code !== 0) return { workflows: null, message: "", files: null };
  const listing = await tryGit(["ls-tree", "-r", "-z", sha, "--", ".github/workflows"], here);
  const entries = listing.stdout.split("\0").filter((line) => /^100\d+ blob /.test(line));
  const workflows = [];
  for (const entry of entries) {
    const [, blob = "", path = ""] = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
    if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) continue;
    const content = await tryGit(["cat-file", "blob", blob], { ...here, maxStdout: 1024 * 1024 });
    workflows.push({ path, text: content.stdout, state: null });
  }
  const changed = await tryGit(
    ["diff", "--name-only", "-z", "--no-renames", `refs/remotes/origin/${base}...${sha}`],
    here,
  );
  return {
    workflows: listing.code === 0 ? workflows : null,
    message: message.stdout,
    files: changed.code === 0 ? changed.stdout.split("\0").filter((path) => path !== "") : null,
  };
}
