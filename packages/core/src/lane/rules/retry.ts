import type { LaneSource } from "../lane-rule.ts";

/** Wrappers that run a command again: what the attempt before said is over. */
export const retry: LaneSource = {
  rules: [],
  recovered: {
    ofEverySource: true,
    literals: ["Attempt ", "Retrying command", "Command completed after "],
    pattern:
      /^(?:##\[warning\]|Warning: )?(?:Attempt \d{1,3} (?:of \d{1,3} )?failed|Retrying command|Command completed after )/,
  },
};
