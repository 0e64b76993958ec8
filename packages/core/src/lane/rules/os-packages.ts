import type { LaneSource } from "../lane-rule.ts";

/** apt, apk, dnf, Homebrew, Chocolatey: the mirrors. */
export const osPackages: LaneSource = {
  recovered: {
    literals: ["Setting up ", "Unpacking "],
    pattern: /^(?:#\d+ [\d.]+ )?(?:Setting up|Unpacking) \S{1,120} \(/,
  },
  rules: [
    {
      lane: "infrastructure",
      reason: "a package mirror could not be reached",
      literals: [
        "E: Failed to fetch",
        "E: Unable to fetch some archives",
        "E: Some index files failed to download",
      ],
    },
    {
      lane: "infrastructure",
      reason: "a package mirror could not be reached",
      force: "tries",
      literals: ["W: Failed to fetch", "W: Some index files failed to download"],
    },
    {
      lane: "infrastructure",
      reason: "a package mirror is out of step",
      literals: ["Hash Sum mismatch", "File has unexpected size", "Mirror sync in progress"],
      pattern: /^(?:#\d+ [\d.]+ )?(?:E: |Err:|W: | {2,4})/,
    },
    {
      lane: "infrastructure",
      reason: "another program on the runner holds the package manager's lock",
      literals: ["E: Could not get lock /var/lib/", "Unable to acquire the dpkg frontend lock"],
    },
    {
      lane: "infrastructure",
      reason: "a package mirror could not be reached",
      literals: [
        "temporary error (try again later)",
        "network error (check Internet connection and firewall)",
      ],
    },
    {
      lane: "infrastructure",
      reason: "a package mirror could not be reached",
      literals: [
        "Failed to download metadata for repo",
        "Cannot download repomd.xml",
        "Errors during downloading metadata for repository",
        "error: failed retrieving file",
      ],
    },
    {
      lane: "infrastructure",
      reason: "Homebrew could not download a bottle",
      literals: [
        "Error: Failed to download resource",
        "Error: Download failed on Formula",
        "Error: Download failed on Cask",
      ],
    },
    {
      lane: "infrastructure",
      reason: "Chocolatey's repository could not be reached",
      literals: [
        "Unable to connect to source 'https://community.chocolatey.org",
        "[NuGet] The remote server returned an error: (5",
      ],
    },
  ],
};
