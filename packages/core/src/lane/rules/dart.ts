import type { LaneSource } from "../lane-rule.ts";

/** dart and flutter: pub.dev. */
export const dart: LaneSource = {
  recovered: { literals: ["Got dependencies!", "Changed 0 dependencies"] },
  rules: [
    {
      lane: "infrastructure",
      reason: "pub.dev could not be reached",
      literals: [
        "Got socket error trying to find package",
        "Got TLS error trying to find package",
        "pub get failed (server unavailable)",
      ],
    },
  ],
};
