import { z } from "zod";
import { group, positive } from "./setting-schemas.ts";

/** The config's group `tickets`. */
export const ticketSettings = group("How tickets are put in order. See docs/tickets.md.", {
  start_after: z
    .enum(["merged", "green"], "must be merged or green")
    .default("merged")
    .describe(
      "When a ticket may begin that depends on another: once that one is merged, or green already.",
    ),
  hold_locks: z
    .enum(["merged", "green"], "must be merged or green")
    .default("merged")
    .describe("How long a ticket holds its locks: until it is merged, or green already."),
  lock_hours: positive(8_760)
    .default(24)
    .describe(
      "Hours after which locks are taken from a task that rests and waits for a person. It takes them again before it goes on.",
    ),
  age_hours: positive(8_760)
    .default(4)
    .describe(
      "A task that has waited for so long to begin counts as one priority higher; after as long again as one more.",
    ),
  overlaps: z
    .enum(["tell", "wait", "ignore"], "must be tell, wait or ignore")
    .default("tell")
    .meta({
      description:
        "What happens when two changes touch the same files: the agent of the later one is told, or the later one waits until the other is merged or ended, or nothing.",
      project: true,
    }),
  branches: z.enum(["ampx", "agent-slot"], "must be ampx or agent-slot").default("ampx").meta({
    description:
      "Names of the branches of tickets: branch_prefix with id, title and short id, or agent-<slot>/<ticket id>.",
    project: true,
  }),
  scan_seconds: positive(3_600)
    .default(10)
    .describe(
      "Seconds between two looks at the backlog folders, beside what the system tells of changes.",
    ),
});
