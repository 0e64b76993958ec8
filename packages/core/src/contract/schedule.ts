import { z } from "zod";
import { TaskStatus } from "../projection.ts";
import { TaskId } from "../scalars.ts";
import { line, time } from "./fields.ts";

const repo = line
  .max(4096)
  .describe("A repository: an absolute path, owner/name, or the name of a registered project");

/** How people know a task. */
export const NamedTask = z.object({
  id: TaskId,
  short_id: z.string(),
  ticket: z.string().nullable().describe("Id of the ticket that it came from"),
});
export type NamedTask = z.infer<typeof NamedTask>;

/** Where nothing begins, and no turn of an agent. What runs goes on, as do waits for CI, and merges. */
export const PauseView = z.object({
  repo: z.string().nullable().describe("null: everywhere"),
  by: z.string(),
  since: time,
  until_restart: z.boolean().describe("It ends when the server is started again"),
});
export type PauseView = z.infer<typeof PauseView>;

/** One reason why a task is not further than it is. */
export const WhyReason = z.object({
  kind: z
    .enum([
      "pause",
      "dependency",
      "failed_dependency",
      "lock",
      "repo_limit",
      "agent_limit",
      "place",
      "worker",
      "work",
      "wait",
      "person",
      "end",
    ])
    .describe(
      "place: a free slot for a turn, or its turn for one; worker: nobody is there to do it, or it is about to be taken; work: it is worked on; wait: for something " +
        "outside, such as CI; end: for nothing any more",
    ),
  text: z.string().describe("In words, to be read after `waits for`"),
  since: time.nullable().describe("Since when, where that is known"),
  until: time.nullable().describe("When it is looked at again by itself, where that is known"),
  tasks: z
    .array(NamedTask)
    .describe(
      "Other tasks that it is about: who holds the lock, or has the slots; what comes first",
    ),
  repo: z.string().nullable(),
  lock: z.string().nullable().describe("Name of the lock"),
  agent: z.string().nullable(),
  ahead: z.int().nullable().describe("Others that wait for the same and come before it"),
});
export type WhyReason = z.infer<typeof WhyReason>;

/** `GET /tasks/{id}/why`. */
export const Why = NamedTask.extend({
  title: z.string(),
  status: TaskStatus,
  phase: z.string(),
  waiting_for: z.string().describe("The first of `reasons`, in words"),
  reasons: z
    .array(WhyReason)
    .min(1)
    .describe("All that keeps it back, each as it shows once those before it are gone"),
  priority: z.int().describe("1 comes first, 9 last"),
  counts_as: z.int().describe("The priority to which its wait has raised it; may be less than 1"),
  position: z
    .int()
    .nullable()
    .describe("From 1, among the tasks that wait for their turn; null: it is none of them"),
  queue_length: z.int().describe("How many tasks wait for their turn"),
});
export type Why = z.infer<typeof Why>;

/** `GET /locks`. */
export const ReadLocks = z.strictObject({
  repo: repo.optional().describe("Only those of this repository"),
});
export type ReadLocks = z.infer<typeof ReadLocks>;

/** `GET /locks`: by repository and name, those that a task holds or waits for. */
export const LockList = z.object({
  locks: z.array(
    z.object({
      repo: z.string(),
      name: z.string(),
      holders: z.array(
        NamedTask.extend({
          shared: z.boolean().describe("With others that only read"),
          since: time,
          status: TaskStatus,
          attached: z.boolean().describe("A person works in its worktree"),
        }),
      ),
      waiters: z
        .array(NamedTask.extend({ shared: z.boolean() }))
        .describe("Tasks that wait for their turn and want it, in their order"),
    }),
  ),
});
export type LockList = z.infer<typeof LockList>;

/** `POST /locks/release`: of one task, or of whoever holds one lock. */
export const ReleaseLocks = z
  .strictObject({
    task: line.max(100).optional().describe("A task, as in paths"),
    name: line.max(250).optional().describe("A lock, with `repo`"),
    repo: repo.optional(),
    reason: line.max(500).optional().describe("Why, in words"),
    by: line.max(100).optional().describe("Who does it; the server's user by default"),
  })
  .refine(
    ({ task, name, repo: of }) =>
      task === undefined
        ? name !== undefined && of !== undefined
        : name === undefined && of === undefined,
    { path: ["task"], error: "is needed, or name and repo; not both" },
  );
export type ReleaseLocks = z.infer<typeof ReleaseLocks>;

/** `200` of `POST /locks/release`. */
export const ReleasedLocks = z.object({
  released: z.array(
    NamedTask.extend({
      status: TaskStatus,
      locks: z.array(z.string()).describe("All that it held: they go together"),
    }),
  ),
});
export type ReleasedLocks = z.infer<typeof ReleasedLocks>;

/** `POST /pause`. */
export const PauseWork = z.strictObject({
  repo: repo.optional().describe("Only there; everywhere without it"),
  until_restart: z.boolean().optional().describe("It ends when the server is started again"),
  by: line.max(100).optional().describe("Who does it; the server's user by default"),
});
export type PauseWork = z.infer<typeof PauseWork>;

/** `POST /resume`. */
export const ResumeWork = z.strictObject({
  repo: repo.optional().describe("Only there; everywhere without it"),
});
export type ResumeWork = z.infer<typeof ResumeWork>;

/** `200` of `POST /pause` and `POST /resume`. */
export const Pauses = z.object({
  repo: z.string().nullable().describe("The repository that was named, as tasks name it"),
  ended: z.int().describe("How many pauses were ended"),
  pauses: z.array(PauseView).describe("All that there are now"),
});
export type Pauses = z.infer<typeof Pauses>;

/** A task that has an agent's slot. */
export const TurnView = NamedTask.extend({
  repo: z.string(),
  title: z.string(),
  agent: z.string(),
  since: time.nullable().describe("null: its turn is about to begin"),
});
export type TurnView = z.infer<typeof TurnView>;
