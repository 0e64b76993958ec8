import type { LaneSource } from "../lane-rule.ts";

/** The disk of the machine. */
export const disk: LaneSource = {
  rules: [
    {
      lane: "infrastructure",
      reason: "the runner's disk is full",
      evenInTests: true,
      literals: [
        "No space left on device",
        "not enough space on the disk",
        "Disk quota exceeded",
        "no space left on disk",
        "You don't have enough free space in",
      ],
    },
    {
      lane: "infrastructure",
      reason: "the runner's disk is full",
      literals: ["npm error code ENOSPC", "npm ERR! code ENOSPC", "nospc There appears to be"],
    },
    {
      lane: "infrastructure",
      reason: "the runner's disk is nearly full",
      force: "tries",
      literals: ["You are running out of disk space"],
    },
    {
      lane: "infrastructure",
      reason: "the runner has too few file watchers or open files",
      evenInTests: true,
      literals: [
        "System limit for number of file watchers reached",
        "Too many open files in system",
      ],
    },
  ],
};
