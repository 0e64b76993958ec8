import { UserError } from "@ampx/core/user-error";
import { string } from "@oclif/core/flags";
import { AmpxCommand } from "../ampx-command.ts";
import { taskArg } from "../flags.ts";
import { textInput } from "../text-input.ts";
import { userName } from "../user-name.ts";

export default class Continue extends AmpxCommand {
  static override summary = "Give a task one more attempt, with your words for the agent";
  static override description =
    "The same session on the same branch. Whatever stands after the id belongs to the message.";
  static override examples = [
    '<%= config.bin %> continue x4k2pa -m "The test is right: round half up"',
    "<%= config.bin %> continue x4k2pa -m - < hints.txt",
  ];
  static override strict = false;
  static override args = { id: taskArg };
  static override flags = {
    message: string({
      char: "m",
      description: "What to tell the agent; - reads it from stdin, @file from a file",
      required: true,
      helpValue: "<text>",
    }),
  };

  async run(): Promise<{ id: string; message: string }> {
    const { args, argv, flags } = await this.parse(Continue);
    const words = argv.slice(1).map(String);
    if (words.length > 0 && flags.message === "-")
      throw new UserError(
        `-m - reads the message from stdin, but ${JSON.stringify(words.join(" "))} stands here too`,
        { kind: "invalid", tryThis: "one of both" },
      );
    const message = await textInput(
      "-m",
      [flags.message, ...words].join(" "),
      process.cwd(),
      process.stdin,
    );
    const client = await this.client();
    const task = await client.readTask(args.id);
    await client.changeTask(task.id, {
      action: "continue",
      prompt: message,
      by: userName(process.env),
    });
    this.log(
      `${this.paint("green", "✓")} ${task.short_id} goes on\n  follow: ampx logs -f ${task.short_id}`,
    );
    return { id: task.id, message };
  }
}
