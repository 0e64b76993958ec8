import { UserError } from "@ampx/core";
import type { BranchContent } from "../ports.ts";
import { git, tryGit, type GitCall } from "./git.ts";

/** What HEAD holds against the newest commit that it has in common with `baseRef`. */
export async function branchContent(
  here: GitCall,
  baseRef: string,
): Promise<Omit<BranchContent, "leftOut" | "notes">> {
  const names = await git(["rev-parse", "HEAD^{commit}", "HEAD^{tree}"], here);
  const [head = "", tree = ""] = names.split("\n");
  const fork = await tryGit(["merge-base", head, baseRef], here);
  if (fork.code !== 0) {
    throw new UserError(
      `The branch has no commit in common with ${baseRef.replace("refs/remotes/origin/", "")} any more`,
      {
        tryThis: "start a new task: the agent replaced the history of this one",
      },
    );
  }
  const base = fork.stdout.trim();
  const stat = await git(
    [
      "diff",
      "--numstat",
      "-z",
      "--no-renames",
      "--no-ext-diff",
      "--no-textconv",
      "--ignore-submodules=none",
      base,
      head,
    ],
    here,
  );
  const content: Omit<BranchContent, "leftOut" | "notes"> = {
    head,
    tree,
    base,
    files: [],
    insertions: 0,
    deletions: 0,
  };
  for (const line of stat.split("\0")) {
    const [insertions, deletions, ...path] = line.split("\t");
    if (path.length === 0) continue;
    content.files.push(path.join("\t"));
    // Binary files count as "-".
    content.insertions += Number(insertions) || 0;
    content.deletions += Number(deletions) || 0;
  }
  return content;
}
