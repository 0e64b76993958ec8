import type { LogTool } from "../tool.ts";

/** Git: conflicts, patches, pushes and fetches that failed, a tree that should be clean. */
export const git: LogTool = {
  name: "git",
  kind: "command",
  hints: [
    "CONFLICT (",
    "patch failed: ",
    "does not apply",
    "rejected]",
    "fatal: ",
    "error: ",
    "Automatic merge failed",
    "hint: ",
  ],
  rules: [
    { is: "noise", line: /^hint: / },
    { is: "failure", line: /^(?<message>CONFLICT \([^()]*\): Merge conflict in (?<file>\S.*))$/ },
    { is: "failure", line: /^(?<message>CONFLICT \([^()]*\): (?<file>\S+) .*)$/ },
    { is: "summary", line: /^Automatic merge failed/ },
    { is: "failure", line: /^error: (?<message>patch failed): (?<file>[^\s:]+):(?<line>\d+)$/ },
    { is: "echo", line: /^error: \S+: patch does not apply$|^error: failed to push some refs/ },
    { is: "failure", line: /^ ! \[(?:remote )?rejected\] +(?<message>\S.*)$/ },
    {
      is: "failure",
      line: /^error: (?<message>(?:pathspec|could not apply|Your local changes|The following untracked|RPC failed|cannot (?:lock ref|rebase|pull)|unable to (?:read|write)|src refspec|remote unpack failed|object file).*)$/,
      opens: { lines: 3, until: /^(?:hint|error|fatal): / },
    },
    {
      is: "failure",
      line: /^fatal: (?<message>(?:couldn't find remote ref|unable to access|unable to auto-detect|not a git repository|refusing to|Authentication failed|repository |could not read|Could not read|clone of|No url found|bad (?:object|revision)|ambiguous argument|reference is not|detected dubious|remote |the remote end|early EOF|unable to checkout|invalid ).*)$/,
    },
  ],
};

/** `git diff --exit-code` where the tree should have been clean: the only word of it is the diff. */
export const gitDiff: LogTool = {
  name: "git diff",
  kind: "format",
  isFallback: true,
  hints: ["diff --git a/"],
  rules: [
    {
      is: "failure",
      line: /^diff --git a\/(?<file>\S+) b\/\S+$/,
      opens: { lines: 12, until: /^(?:[^-+@ \\idnosr]|diff --git )/ },
    },
    { is: "noise", within: true, line: /^(?:index [0-9a-f]+\.\.|--- a\/|\+\+\+ b\/)/ },
    { is: "detail", within: true, line: /^[-+]/ },
  ],
};
