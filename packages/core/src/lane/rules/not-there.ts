import type { LaneSource } from "../lane-rule.ts";

/** What a registry answers to who asks for something that does not exist or does not fit: the code's own doing, whatever the network did before. */
export const notThere: LaneSource = {
  rules: [
    {
      lane: "code",
      reason: "the project asks for a package or version that does not exist or does not fit",
      literals: ["npm error code E", "npm ERR! code E"],
      pattern:
        /npm (?:ERR!|error) code (?:E404|ETARGET|ERESOLVE|EUSAGE|EBADENGINE|ENOVERSIONS|EINTEGRITY|EJSONPARSE)\b/,
    },
    {
      lane: "code",
      reason: "the project asks for a package or version that does not exist or does not fit",
      literals: [
        "ERR_PNPM_OUTDATED_LOCKFILE",
        "ERR_PNPM_UNSUPPORTED_ENGINE",
        "ERR_PNPM_NO_MATCHING_VERSION",
        "ERR_PNPM_FETCH_404",
        "ERR_PNPM_PEER_DEP_ISSUES",
        "ERR_PNPM_LOCKFILE",
        "Your lockfile needs to be updated",
        "The lockfile would have been modified by this install",
        "Could not find artifact",
        "error NU1101",
        "error NU1102",
        "404 Client Error",
        "returned error: 404",
        "ResolutionImpossible",
        "no matching package named",
        "failed to select a version for",
        "the lock file needs to be updated but --locked was passed",
      ],
      unless: /^(?:WARN|\[WARN|warning)/i,
    },
    {
      lane: "code",
      reason: "the project asks for a package or version that does not exist or does not fit",
      literals: ["ERROR: Could not find a version that satisfies the requirement"],
      unless: /\(from versions: (?:none)?\)/,
    },
  ],
};
