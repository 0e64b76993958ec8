import type { LaneSource } from "../lane-rule.ts";

/** git and Git LFS, towards the remote. */
export const git: LaneSource = {
  recovered: { literals: ["HEAD is now at", "Checking out the ref"] },
  rules: [
    {
      lane: "infrastructure",
      reason: "git could not reach the remote",
      literals: ["fatal: unable to access"],
      unless: /returned error: 4(?!29)\d\d|localhost|127\.0\.0\.1/,
    },
    {
      lane: "infrastructure",
      reason: "git's connection to the remote broke",
      literals: [
        "error: RPC failed",
        "fatal: early EOF",
        "unexpected disconnect while reading sideband packet",
        "The remote end hung up unexpectedly",
        "fatal: protocol error: bad pack header",
        "fatal: index-pack failed",
        "fatal: fetch-pack: invalid index-pack output",
        "remote: Internal Server Error",
        "remote: fatal error in commit_refs",
        "kex_exchange_identification",
      ],
      unless: /RPC failed; HTTP 4(?!29)\d\d/,
    },
    {
      lane: "infrastructure",
      reason: "git could not reach the remote",
      literals: ["ssh: connect to host", "ssh: Could not resolve hostname"],
      unless: /localhost|127\.0\.0\.1/,
    },
    {
      lane: "infrastructure",
      reason: "Git LFS could not fetch a file",
      literals: ["batch response: ", "LFS: Client error", "Smudge error: "],
      pattern: /\b(?:5\d\d|429)\b|rate limit|timed? ?out|reset by peer|EOF/i,
    },
    {
      lane: "configuration",
      reason: "git may not read or write the repository",
      literals: [
        "remote: Permission to",
        "fatal: could not read Username for",
        "fatal: Authentication failed for",
        "Permission denied (publickey)",
        "Host key verification failed",
        "remote: Write access to repository not granted",
        "refusing to allow a GitHub App to create or update workflow",
        "refusing to allow an OAuth App to create or update workflow",
        "remote: Invalid username or token",
      ],
    },
    {
      lane: "configuration",
      reason: "git may not read or write the repository",
      literals: ["requested URL returned error: 40"],
      pattern: /^(?:##\[error\])?fatal: unable to access .{1,300}returned error: 40[13]/,
    },
  ],
};
