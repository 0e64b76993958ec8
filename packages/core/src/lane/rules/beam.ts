import type { LaneSource } from "../lane-rule.ts";

/** mix and rebar3: hex.pm. */
export const beam: LaneSource = {
  rules: [
    {
      lane: "infrastructure",
      reason: "hex.pm could not be reached",
      literals: [
        "Request failed (",
        "Failed to fetch record for",
        "Package fetch failed and no cached copy available",
      ],
      pattern:
        /Request failed \((?::timeout|:nxdomain|:closed|:econn\w{1,10}|\{:failed_connect|5\d\d|429)|no cached copy|Failed to fetch record/,
    },
  ],
};
