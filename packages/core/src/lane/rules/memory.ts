import type { LaneSource } from "../lane-rule.ts";

/**
 * The memory of the machine. A program that hits a limit of its own ("JavaScript heap out of memory", OutOfMemoryError) is the code's matter;
 * one that the kernel kills is not its own master.
 */
export const memory: LaneSource = {
  rules: [
    {
      lane: "infrastructure",
      reason: "the runner ran out of memory",
      evenInTests: true,
      literals: [
        "Out of memory: Killed process",
        "Memory cgroup out of memory",
        "Cannot allocate memory",
        "OOMKilled",
        "There is insufficient memory for the Java Runtime Environment",
      ],
      pattern:
        /Killed process|cgroup|fork|clone|mmap|OOMKilled|insufficient memory|os::commit_memory|errno ?=? ?12\b|virtual memory|std(?:err|out)|cc1/i,
    },
    {
      lane: "infrastructure",
      reason: "the kernel killed a program, most likely for want of memory",
      literals: [
        "Killed signal terminated program",
        "(signal: 9, SIGKILL: kill)",
        "terminated with signal 9",
        "was killed by signal 9",
        "terminated by signal SIGKILL",
        "Command terminated by signal 9",
        "npm error signal SIGKILL",
        "npm ERR! signal SIGKILL",
        "Gradle build daemon disappeared unexpectedly",
        "The forked VM terminated without properly saying goodbye",
        "exited with code 137",
        "exit code: 137",
        "with exit code 137",
        "exit status 137",
        "returned a non-zero code: 137",
      ],
      unless: /^WARN/,
    },
    {
      lane: "infrastructure",
      reason: "the kernel killed a program, most likely for want of memory",
      literals: [" Killed  "],
      pattern: /^\S{1,120}: line \d{1,6}: {1,3}\d{1,9} Killed {2}/,
    },
  ],
};
