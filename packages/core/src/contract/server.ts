import { z } from "zod";
import { AgentAbilities } from "../agent-abilities.ts";
import { TaskStatus } from "../projection.ts";
import { time } from "./fields.ts";
import { PauseView, TurnView } from "./schedule.ts";
import { UsedView } from "./used.ts";

/** `GET /status`: the server as a whole. */
export const ServerStatus = z.object({
  version: z.string(),
  home: z.string(),
  workers: z.array(
    z.object({
      id: z.string(),
      pid: z.int(),
      host: z.string(),
      alive_at: time,
      slots: z.int(),
      busy: z.int().describe("Agent turns running"),
      agents: z.array(
        z.object({
          name: z.string(),
          command: z.string().nullable(),
          version: z.string().nullable(),
          problems: z.array(z.object({ what: z.string(), try_this: z.string() })),
          can: AgentAbilities,
        }),
      ),
    }),
  ),
  parked: z
    .array(
      z.object({
        agent: z.string(),
        kind: z.string().describe("rate_limit, overloaded or auth"),
        message: z.string(),
        since: time,
        until: time,
      }),
    )
    .describe("Agents that no task calls for now, because their provider refuses"),
  github_url: z.url().describe("The GitHub that `owner/name` is on"),
  rate_limits: z
    .array(
      z.object({
        host: z.string().describe("The GitHub that counts"),
        scope: z
          .string()
          .describe("Whose requests are counted together: token, installation <id>, nobody"),
        limit: z.int().describe("Requests an hour"),
        remaining: z.int().describe("Requests left of them when a worker last told"),
        resets_at: time.describe("When the next hour begins"),
        told_at: time.describe("When a worker last told"),
      }),
    )
    .describe(
      "What is left of hours that are not over, as GitHub counts them; a tenth of each is kept for people",
    ),
  used_today: UsedView.describe("By all tasks, since midnight of the server's machine"),
  max_usd_per_day: z.number().nullable(),
  max_tokens_per_day: z.int().nullable(),
  tasks: z.partialRecord(TaskStatus, z.int()),
  pauses: z.array(PauseView).describe("Where nothing begins"),
  turns: z.array(TurnView).describe("Who has an agent's slot, who has worked longest first"),
});
export type ServerStatus = z.infer<typeof ServerStatus>;

/** What `ampx serve` writes to the home's `run/server.json` (mode 0600) for its clients to find it. */
export const ServerFile = z.object({
  pid: z.int(),
  url: z.url(),
  version: z.string(),
  started_at: time,
});
export type ServerFile = z.infer<typeof ServerFile>;
