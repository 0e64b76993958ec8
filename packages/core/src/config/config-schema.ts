import { z } from "zod";
import { TamperPolicy } from "../tamper/index.ts";

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
  agents: group("How each agent is started.", {
    amp: group("The Amp CLI.", {
      command: text().optional().meta({
        description: "The program; found on the PATH by default.",
        example: "/usr/local/bin/amp",
      }),
      mode: text()
        .optional()
        .meta({ description: "Amp's mode; Amp's own default by default.", example: "smart" }),
      args: words().default([]).describe("More arguments, after those that ampx gives."),
    }),
    claude: group("Claude Code.", {
      command: text().optional().meta({
        description: "The program; found on the PATH by default.",
        example: "/usr/local/bin/claude",
      }),
      model: text().optional().meta({
        description: "The model; Claude Code's own choice by default.",
        example: "sonnet",
      }),
      args: words().default([]).describe("More arguments, after those that ampx gives."),
    }),
    codex: group("The Codex CLI.", {
      command: text().optional().meta({
        description: "The program; found on the PATH by default.",
        example: "/usr/local/bin/codex",
      }),
      model: text().optional().meta({
        description: "The model; Codex's own choice by default.",
        example: "gpt-5-codex",
      }),
      sandbox: z
        .enum(
          ["danger-full-access", "workspace-write"],
          "must be danger-full-access or workspace-write",
        )
        .default("danger-full-access")
        .describe(
          "What Codex's own sandbox lets its commands do: danger-full-access (all that you may) or workspace-write (no network, and nothing written outside the worktree).",
        ),
      args: words().default([]).describe("More arguments, after those that ampx gives."),
    }),
    opencode: group("The opencode CLI.", {
      command: text().optional().meta({
        description: "The program; found on the PATH by default.",
        example: "/usr/local/bin/opencode",
      }),
      model: text().optional().meta({
        description: "The model, with its provider; opencode's own choice by default.",
        example: "anthropic/claude-sonnet-4-5",
      }),
      args: words().default([]).describe("More arguments, after those that ampx gives."),
    }),
    gemini: group("The Gemini CLI.", {
      command: text().optional().meta({
        description: "The program; found on the PATH by default.",
        example: "/usr/local/bin/gemini",
      }),
      model: text().optional().meta({
        description: "The model; Gemini's own choice by default.",
        example: "gemini-2.5-pro",
      }),
      args: words().default([]).describe("More arguments, after those that ampx gives."),
    }),
    acp: group(
      "Any agent that speaks the Agent Client Protocol on its standard input and output. Names of its keys go into agent_env.",
      {
        command: words()
          .min(1, "must name a program")
          .optional()
          .meta({
            description: "The program and its arguments. No shell reads them.",
            example: ["opencode", "acp"],
          }),
        mode: text().optional().meta({
          description:
            "The id of the session mode to work in, such as one that asks for no permission; the agent's own default by default.",
          example: "bypassPermissions",
        }),
      },
    ),
    command: group(
      "Any program that reads the prompt from its standard input and works in its working directory.",
      {
        command: words()
          .min(1, "must name a program")
          .optional()
          .meta({
            description: "The program and its arguments. No shell reads them.",
            example: ["my-agent", "--quiet"],
          }),
      },
    ),
    scripted: group("An agent without a model.", {
      script: text()
        .optional()
        .meta({ description: "The file of the script.", example: "./turns.yaml" }),
    }),
  }),
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
    poll_seconds: positive(3_600)
      .default(2)
      .meta({ description: "Seconds between two looks at CI.", project: true }),
    check_base: yesOrNo().default(true).meta({
      description:
        "Whether CI is asked about the base commit when something is red, so that no agent is blamed for what was red before. Costs one more run of CI for each base commit.",
      project: true,
    }),
  }),
  github: group(
    "Repositories on GitHub. Secrets come from the worker's environment or a file, never from here.",
    {
      url: z
        .url({ protocol: /^https?$/, error: "must be an http:// or https:// address" })
        .default("https://github.com")
        .describe("The GitHub that owner/name is on; the address of a GitHub Enterprise Server."),
      app_id: z.coerce
        .string()
        .regex(/^[\w.-]+$/, "must be the id of a GitHub App")
        .optional()
        .meta({
          description:
            "The id of the GitHub App to act as. Without one, the token of token_env, else the login of gh.",
          example: "123456",
        }),
      private_key_file: text().optional().meta({
        description:
          "The App's private key, a .pem file that only the worker reads. The key itself may be in AMPX_GITHUB_PRIVATE_KEY instead.",
        example: "/etc/ampx/app.pem",
      }),
      token_env: text().optional().meta({
        description:
          "The variable that holds a token; AMPX_GITHUB_TOKEN, GH_TOKEN or GITHUB_TOKEN by default.",
        example: "SHOP_TOKEN",
      }),
      poll_seconds: positive(3_600)
        .default(10)
        .describe("Seconds between two looks at CI when it may end any moment; more before."),
      first_run_seconds: positive(3_600)
        .default(90)
        .describe("Seconds that the first run of a commit may take to appear."),
      settle_seconds: positive(3_600)
        .default(20)
        .describe(
          "Seconds after the newest run appeared in which another may follow, though all is green.",
        ),
      fail_fast: yesOrNo().default(false).meta({
        description: "Whether the first red counts while other jobs still run.",
        project: true,
      }),
      draft: yesOrNo()
        .default(false)
        .meta({ description: "Whether green pull requests stay drafts.", project: true }),
      labels: words().default([]).meta({ description: "Labels of pull requests.", project: true }),
      reviewers: words()
        .default([])
        .meta({ description: "Login names of who is asked to review.", project: true }),
      assignees: words()
        .default([])
        .meta({ description: "Login names of who is assigned.", project: true }),
      merge_method: z
        .enum(["merge", "squash", "rebase"], "must be merge, squash or rebase")
        .optional()
        .meta({
          description: "How changes are merged; what the repository allows by default.",
          example: "squash",
          project: true,
        }),
      delete_branch: yesOrNo()
        .default(true)
        .meta({ description: "Whether the branch is deleted once it is merged.", project: true }),
    },
  ),
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

// Every member has a default or is optional; `loadConfig` fills groups in, so that they need no default of their own.
function group<Shape extends z.ZodRawShape>(description: string, shape: Shape) {
  return z.strictObject(shape).meta({ description });
}

function text() {
  return z.string("must be text").trim().min(1, "must not be empty");
}

function words() {
  return z.array(z.string("must be text"), "must be a list");
}

function paths() {
  return z.array(
    z.string("must be text").regex(/^(?:\/|~(?:\/|$))/, "must be a path that begins with / or ~/"),
    "must be a list",
  );
}

function names() {
  return z.array(
    z.string("must be text").regex(/^[A-Za-z_]\w*$/, "must be the name of an environment variable"),
    "must be a list",
  );
}

function identity() {
  return text().regex(/^[^<>\p{Cc}]+$/u, "must be one line without < and >");
}

function price() {
  const usd = () => z.number("must be a number").nonnegative("must not be less than 0");
  return z
    .strictObject({
      input: usd().describe("Read by the model."),
      output: usd().describe("Written by it, thoughts included."),
      cache_read: usd().default(0).describe("Read from the provider's cache."),
      cache_write: usd().default(0).describe("Put into it."),
    })
    .optional()
    .meta({
      description: "For a million tokens of this agent's model.",
      example: { input: 1.25, output: 10, cache_read: 0.125, cache_write: 0 },
    });
}

function yesOrNo() {
  return z.boolean("must be true or false");
}

function whole(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int(error).min(min, error).max(max, error);
}

function positive(max: number) {
  const error = `must be a number greater than 0, up to ${max}`;
  return z.number(error).positive(error).max(max, error);
}
