import { UserError } from "@ampx/core/user-error";
import { string } from "@oclif/core/args";
import { boolean } from "@oclif/core/flags";
import { AmpxCommand } from "../ampx-command.ts";
import { taskArg } from "../flags.ts";
import { openAsk } from "../open-ask.ts";
import { printableLine } from "../render/printable.ts";
import { userName } from "../user-name.ts";

export default class Answer extends AmpxCommand {
  static override summary = "Allow or deny what an agent asks for";
  static override description =
    "What it asks for stands in `ampx show`, with a number. Without a number, the only thing that it asks for is meant.";
  static override examples = [
    "<%= config.bin %> answer x4k2pa --allow",
    "<%= config.bin %> answer x4k2pa 3 --deny",
  ];
  static override args = {
    id: taskArg,
    ask: string({ ignoreStdin: true, description: "Number of what is asked for" }),
  };
  static override flags = {
    allow: boolean({ description: "It may" }),
    deny: boolean({ description: "It may not; the agent is told so and goes on" }),
  };

  async run(): Promise<{ id: string; ask: number; allow: boolean }> {
    const { args, flags } = await this.parse(Answer);
    // A flag that is not given is undefined.
    if ((flags.allow === true) === (flags.deny === true))
      throw new UserError("An answer is either --allow or --deny", {
        kind: "invalid",
        tryThis: `ampx answer ${args.id} --allow`,
      });
    const allow = flags.allow === true;
    const client = await this.client();
    const task = await client.readTask(args.id);
    const ask = openAsk(task, args.ask);
    await client.changeTask(task.id, {
      action: "answer",
      ask: ask.id,
      allow,
      by: userName(process.env),
    });
    const words = `${printableLine(ask.tool)} ${printableLine(ask.input)}`;
    this.log(
      `${this.paint("green", "✓")} ${allow ? "allowed" : "denied"}: ${words}\n  follow: ampx logs -f ${task.short_id}`,
    );
    return { id: task.id, ask: ask.id, allow };
  }
}
