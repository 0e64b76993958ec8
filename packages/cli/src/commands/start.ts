import { randomUUID } from "node:crypto";
import type { CreatedTask, CreateTask } from "@ampx/core";
import { UserError } from "@ampx/core/user-error";
import { boolean, integer, string } from "@oclif/core/flags";
import { allowFlag } from "../allow-flag.ts";
import { AmpxCommand } from "../ampx-command.ts";
import { exitCodes } from "../exit-codes.ts";
import { budgetFlags, budgetOf, wholeNumber } from "../flags.ts";
import { followLogs } from "../follow-logs.ts";
import { checkGitHub, githubUrlFlag, withGitHub } from "../github-url.ts";
import { interruption } from "../interruption.ts";
import { logLine } from "../render/log-line.ts";
import { createdText, endText } from "../render/task-text.ts";
import { Ended } from "../report-failure.ts";
import { ensureServer } from "../start-server.ts";
import { deadlineOf, repoOf } from "../task-options.ts";
import { textInput } from "../text-input.ts";
import { userName } from "../user-name.ts";

export default class Start extends AmpxCommand {
  static override summary = "Start a task: an agent works on it until CI is green";
  static override description = `Prints the task's id and branch. Starts the server in the background when none runs.
With --follow it exits with 0 when the task became green, with 1 when it ended otherwise. With --follow --json it prints one
JSON object a line: {"task"}, then {"line"} for each line of the log, then {"end"}.`;
  static override examples = [
    '<%= config.bin %> start --repo ./shop --task "Show prices with two decimals" --follow',
    "<%= config.bin %> start --task @ticket.md --max-attempts 3 --deadline 8h",
    "<%= config.bin %> start --task @ticket.md --agent claude --fallback codex --max-usd 5",
    "<%= config.bin %> start --repo acme/shop --issue 12",
    "git log -1 --format=%b | <%= config.bin %> start --task -",
  ];
  static override flags = {
    repo: string({
      description:
        "Repository: a path, owner/name or an address on GitHub, or the name of a project made by `ampx init` [default: where you stand]",
      helpValue: "<path>",
    }),
    task: string({
      description:
        "What to do; - reads it from stdin, @file from a file. Needed where no --issue says it",
      helpValue: "<text>",
    }),
    issue: integer({
      description:
        "Number of an issue of a repository on GitHub that says what to do, beside the words of --task",
      helpValue: "<number>",
      min: 1,
    }),
    base: string({
      description: "Branch that the change is for [default: the repository's default branch]",
      helpValue: "<branch>",
    }),
    branch: string({
      description: "Branch to make [default: a name from the title and the task's id]",
      helpValue: "<branch>",
    }),
    agent: string({
      description: "Agent that works on it [default: the configured one]",
      helpValue: "<name>",
    }),
    fallback: string({
      description:
        "Agent to take when the provider of the first one refuses for long; may be given several times, in order",
      helpValue: "<name>",
      multiple: true,
      multipleNonGreedy: true,
    }),
    ...budgetFlags(""),
    deadline: string({
      description: "No turn goes on after it: 90m, 8h, 2d from now, or 2030-01-31T18:00",
      helpValue: "<time>",
    }),
    allow: allowFlag(
      "Rule of the tamper gate to let through, base_is_red to work on a red base, or overlaps not to wait for a task that changes the same files; may be given several times",
    ),
    "github-url": githubUrlFlag(),
    priority: wholeNumber("priority", { min: 1, max: 9 }, "1 comes first, 9 last [default: 5]"),
    title: string({
      description: "One line for lists [default: the first line of the task]",
      helpValue: "<text>",
    }),
    follow: boolean({ char: "f", description: "Show what happens until the task is at rest" }),
  };

  async run(): Promise<CreatedTask | undefined> {
    const { flags } = await this.parse(Start);
    const { task: words, issue } = flags;
    if (words === undefined && issue === undefined)
      throw new UserError("Nothing says what to do", {
        kind: "invalid",
        tryThis: '--task "…", or --issue <number> for a repository on GitHub',
      });
    const task: CreateTask = {
      ...(words !== undefined && {
        prompt: await textInput("--task", words, process.cwd(), process.stdin),
      }),
      ...(issue !== undefined && { issue }),
      repo: await repoOf(flags.repo, process.cwd()),
      created_by: userName(process.env),
      ...(flags.base !== undefined && { base: flags.base }),
      ...(flags.branch !== undefined && { branch: flags.branch }),
      ...(flags.agent !== undefined && { agent: flags.agent }),
      ...(flags.fallback !== undefined && { fallbacks: flags.fallback }),
      ...(flags.allow !== undefined && { allow: flags.allow }),
      ...(flags.title !== undefined && { title: flags.title }),
      ...(flags.priority !== undefined && { priority: flags.priority }),
      ...budgetOf(flags),
      ...(flags.deadline !== undefined && { deadline: deadlineOf(flags.deadline, Date.now()) }),
    };
    await ensureServer({
      home: this.home,
      version: this.config.version,
      env: withGitHub(process.env, flags["github-url"]),
      say: (text) => void process.stderr.write(`${text}\n`),
    });
    const client = await this.client();
    await checkGitHub(client, flags["github-url"]);
    const created = await client.createTask(task, randomUUID());
    if (!flags.follow) {
      this.log(createdText(created, this.paint));
      return created;
    }
    return this.follow(created);
  }

  private async follow(created: CreatedTask): Promise<undefined> {
    const json = this.jsonEnabled();
    using interrupted = interruption();
    if (json) this.logLine({ task: created });
    else this.log(createdText(created, this.paint));
    const end = await followLogs(
      await this.client(),
      created.id,
      {},
      (line) => (json ? this.logLine({ line }) : this.log(logLine(line, this.paint))),
      interrupted.signal,
    );
    if (json) this.logLine({ end });
    else this.log(endText(end, this.paint));
    if (end.status !== "success") throw new Ended(exitCodes.failed);
  }
}
