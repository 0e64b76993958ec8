import type { LaneSource } from "../lane-rule.ts";

/** Money and quotas of the account that CI runs on. */
export const billing: LaneSource = {
  rules: [
    {
      lane: "infrastructure",
      reason: "the account's payments failed or its spending limit is reached",
      force: "ends_job",
      literals: [
        "recent account payments have failed",
        "spending limit needs to be increased",
        "account is locked due to a billing issue",
        "exceeded your included minutes",
        "has exceeded its monthly CI/CD minutes",
        "no more CI minutes",
        "Your account has no remaining build credits",
      ],
    },
    {
      lane: "infrastructure",
      reason: "the storage quota for artifacts is full",
      literals: ["Artifact storage quota has been hit"],
    },
    {
      lane: "infrastructure",
      reason: "the repository's Git LFS quota is used up",
      literals: ["over its data quota", "exceeded its LFS budget"],
    },
  ],
};
