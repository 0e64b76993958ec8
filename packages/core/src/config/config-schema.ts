import { z } from "zod";
import { TamperPolicy } from "../tamper/index.ts";
import { agentSettings } from "./agent-settings.ts";
import { githubSettings } from "./github-settings.ts";
import {
  group,
  words,
  paths,
  names,
  identity,
  price,
  yesOrNo,
  whole,
  positive,
} from "./setting-schemas.ts";
import { ticketSettings } from "./ticket-settings.ts";

/**
 * Everything that can be configured; the one source of the files' keys, the environment's names, the defaults and the sample. Names carry their units.
 * `project: true` lets a project's own file set the key: that file comes from a repository, so only what cannot harm the machine may be set there.
 */
export const Config = z.strictObject({
  agent: z
    .enum(
      ["amp", "claude", "codex", "opencode", "gemini", "acp", "command", "scripted"],
      "must be amp, claude, codex, opencode, gemini, acp, command or scripted",
    )
    .default("amp")
    .meta({
      description:
        "The agent of tasks that name none: amp, claude, codex, opencode, gemini, acp (any program that speaks the Agent Client Protocol), command (any program) or scripted (plays a script; for tests and demos).",
      project: true,
    }),
  agent_fallbacks: words().default([]).meta({
    description:
      "Agents to take, in this order, when the provider of a task's own agent refuses for long. The next one begins a session of its own and is told what was done.",
    project: true,
  }),
  fallback_minutes: positive(10_080)
    .default(5)
    .describe("Minutes that an agent's provider must refuse for, before another agent is taken."),
  permissions: z
    .enum(["worktree", "ask", "all"], "must be worktree, ask or all")
    .default("worktree")
    .describe(
      "What is answered to an agent that asks before it uses a tool: worktree (allowed, unless it names files outside of its worktree), ask (what is outside, a person may allow) or all. An agent that wants to can do without asking; the sandbox is what holds it.",
    ),
  agents: agentSettings,
  sandbox: group("Keeps agents from the rest of this machine. See docs/sandbox.md.", {
    mode: z
      .enum(["none", "bubblewrap"], "must be none or bubblewrap")
      .default("none")
      .describe(
        "What holds them: none, or bubblewrap (Linux, with bwrap installed). Then they write to their worktree, a temporary folder and their own sessions only, and keys and logins of others are hidden.",
      ),
    network: yesOrNo()
      .default(true)
      .describe("Whether there is a network inside. Agents need one to reach their models."),
    writable: paths()
      .default([])
      .describe(
        "More folders that agents may write to, such as ~/.npm. They are made when they are not there.",
      ),
    readable: paths()
      .default([])
      .describe("Files and folders that are shown although they are hidden, such as ~/.npmrc."),
  }),
  agent_env: names()
    .default([])
    .describe(
      "Names of more environment variables that agents may see. By default they see what they need and nothing else.",
    ),
  secret_env: names()
    .default([])
    .describe(
      "Names of more environment variables whose values are secret and never shown. Names such as *_KEY, *_TOKEN and *_PASSWORD always are.",
    ),
  max_attempts: whole(1, 100)
    .default(5)
    .meta({ description: "Agent turns that a task may spend until CI is green.", project: true }),
  max_minutes: positive(10_080).default(120).meta({
    description: "Agent minutes that a task may spend, over all its turns.",
    project: true,
  }),
  max_usd: positive(1_000_000).optional().meta({
    description:
      "US dollars that a task may spend, over all its turns. Needs an agent that tells its cost, or its prices below.",
    example: 5,
    project: true,
  }),
  max_tokens: whole(1, 1_000_000_000_000).optional().meta({
    description:
      "Tokens that a task may use, over all its turns; those read from a provider's cache count, too.",
    example: 5_000_000,
    project: true,
  }),
  max_usd_per_day: positive(1_000_000).optional().meta({
    description:
      "US dollars that all tasks together may spend from midnight to midnight. Then they wait for the next day.",
    example: 50,
  }),
  max_tokens_per_day: whole(1, 1_000_000_000_000)
    .optional()
    .meta({ description: "The same of tokens.", example: 100_000_000 }),
  prices: group(
    "US dollars for a million tokens, of agents that tell their tokens and not their cost.",
    { amp: price(), codex: price(), gemini: price(), opencode: price(), acp: price() },
  ),
  slots: whole(1, 64)
    .default(3)
    .describe("Agent turns that may run at the same time. Tasks that wait for CI need none."),
  slots_per_repo: whole(1, 64).optional().meta({
    description: "Of these, how many in one repository; as many as there are by default.",
    example: 2,
  }),
  slots_per_agent: whole(1, 64).optional().meta({
    description: "Of these, how many of one agent; as many as there are by default.",
    example: 2,
  }),
  tickets: ticketSettings,
  stall_minutes: positive(1_440).default(10).meta({
    description: "Minutes of silence after which an agent's turn is ended.",
    project: true,
  }),
  max_fruitless: whole(1, 100).default(3).meta({
    description:
      "Attempts in a row that may fix no failure. Then the agent starts afresh once, and after as many more a person is asked. The same failures twice in a row count at once.",
    project: true,
  }),
  preflight: group("Quick checks before each push, run in the worktree.", {
    commands: words()
      .optional()
      .meta({
        description:
          "Lines for /bin/sh, one after the other. A red one goes back to the agent as red CI does, without waiting for CI.",
        example: ["npm run lint", "npx tsc --noEmit"],
        project: true,
      }),
    timeout_minutes: positive(1_440)
      .default(10)
      .meta({ description: "Minutes for all of them together.", project: true }),
  }),
  gate: TamperPolicy,
  ci: group("How CI is watched.", {
    timeout_minutes: positive(1_440).default(30).meta({
      description: "Minutes after which CI that has not judged a commit is given up.",
      project: true,
    }),
    poll_seconds: positive(3_600).default(2).meta({
      description:
        "Seconds between two looks at CI. The end of a run on this machine is mostly heard at once.",
      project: true,
    }),
    check_base: yesOrNo().default(true).meta({
      description:
        "Whether CI is asked about the base commit when something is red, so that no agent is blamed for what was red before. Costs one more run of CI for each base commit.",
      project: true,
    }),
  }),
  github: githubSettings,
  git: group("Whose name ampx's commits carry.", {
    name: identity().default("ampx").describe("The author's name."),
    email: identity().default("ampx@localhost").describe("The author's address."),
  }),
  port: whole(0, 65_535)
    .default(8080)
    .describe(
      "Port of the server on 127.0.0.1; the next free one if it is taken. 0: any free one.",
    ),
  branch_prefix: z
    .string()
    .regex(
      /^(?!.*(?:\.\.|\/\/|\.lock\/))[A-Za-z0-9][\w./-]*$/,
      "must be the beginning of a branch name, such as amp/",
    )
    .max(50, "must not be longer than 50 characters")
    .default("amp/")
    .meta({ description: "What the names of new branches begin with.", project: true }),
  worktrees: group(
    "When worktrees of ended tasks are removed. One that holds unpushed work never is.",
    {
      max_age_days: positive(3_650).default(14).describe("Days after a task's end."),
      max_gigabytes: positive(100_000)
        .default(20)
        .describe("Size of all together; the oldest go first."),
    },
  ),
  logs: group("What the database keeps of logs. The full text is on disk.", {
    lines_per_task: whole(100, 1_000_000)
      .default(5_000)
      .describe("Newest lines kept of each task."),
  }),
  lease_seconds: positive(3_600)
    .default(15)
    .describe("Seconds after which a task whose worker gives no sign of life goes to another one."),
  url: z
    .url({ protocol: /^https?$/, error: "must be an http:// or https:// address" })
    .optional()
    .meta({
      description: "The server that commands talk to; the one of this home by default.",
      example: "http://127.0.0.1:8080",
    }),
});
export type Config = z.infer<typeof Config>;
