import { UserError } from "@ampx/core/user-error";
import { boolean, string } from "@oclif/core/flags";
import { allowFlag } from "../allow-flag.ts";
import { AmpxCommand } from "../ampx-command.ts";
import { budgetFlags, budgetOf, taskArg } from "../flags.ts";
import { continuedText } from "../render/continued-text.ts";
import { textInput } from "../text-input.ts";
import { userName } from "../user-name.ts";

type Continued = { id: string; message: string; allow: string[]; interrupt: boolean } & ReturnType<
  typeof budgetOf
>;

export default class Continue extends AmpxCommand {
  static override summary = "Let a task go on: one more attempt, with your words for the agent";
  static override description =
    "The same session on the same branch. Whatever stands after the id belongs to the message. Words for a turn that runs wait for its end, unless --interrupt is given. Without a message, what waited for you goes on as it is: a change that the gate held and you let through, a CI that could not judge, a budget that you raise.";
  static override examples = [
    '<%= config.bin %> continue x4k2pa -m "The test is right: round half up"',
    "<%= config.bin %> continue x4k2pa -m - < hints.txt",
    '<%= config.bin %> continue x4k2pa --interrupt -m "Leave the tests alone"',
    "<%= config.bin %> continue x4k2pa --allow ci_changed",
    "<%= config.bin %> continue x4k2pa --max-usd 10",
  ];
  static override strict = false;
  static override args = { id: taskArg };
  static override flags = {
    message: string({
      char: "m",
      description: "What to tell the agent; - reads it from stdin, @file from a file",
      helpValue: "<text>",
    }),
    allow: allowFlag(
      "Rule of the tamper gate to let through for this task, or overlaps not to wait for one that changes the same files; may be given several times",
    ),
    interrupt: boolean({
      description:
        "Do not wait for the end of a turn that runs: the words go into it, or it ends for them",
    }),
    ...budgetFlags(", those from before included"),
  };

  async run(): Promise<Continued> {
    const { args, argv, flags } = await this.parse(Continue);
    const message = await messageOf(flags.message, argv.slice(1).map(String));
    const allow = flags.allow ?? [];
    const budget = budgetOf(flags);
    const interrupt = flags.interrupt === true;
    if (interrupt && message === "")
      throw new UserError("--interrupt is for words, and there are none", {
        kind: "invalid",
        tryThis: `ampx continue ${args.id} --interrupt -m "…"`,
      });
    const client = await this.client();
    const task = await client.readTask(args.id);
    await client.changeTask(task.id, {
      action: "continue",
      ...(message !== "" && { prompt: message }),
      ...(allow.length > 0 && { allow }),
      ...(interrupt && { interrupt }),
      ...budget,
      by: userName(process.env),
    });
    this.log(continuedText(task, { words: message !== "", interrupt }, this.paint));
    return { id: task.id, message, allow, interrupt, ...budget };
  }
}

async function messageOf(given: string | undefined, words: string[]): Promise<string> {
  if (words.length > 0 && given === "-")
    throw new UserError(
      `-m - reads the message from stdin, but ${JSON.stringify(words.join(" "))} stands here too`,
      { kind: "invalid", tryThis: "one of both" },
    );
  if (given === undefined && words.length === 0) return "";
  const text = [...(given === undefined ? [] : [given]), ...words].join(" ");
  return textInput("-m", text, process.cwd(), process.stdin);
}
