import { UserError } from "@ampx/core/user-error";
import { boolean } from "@oclif/core/flags";
import { AmpxCommand } from "../ampx-command.ts";
import { taskArg } from "../flags.ts";
import { attachedText, leftText } from "../render/attach-text.ts";
import { userName } from "../user-name.ts";

interface Attachment {
  id: string;
  worktree: string | null;
  command: string[] | null;
  /** Whether the task is held now. */
  attached: boolean;
}

export default class Attach extends AmpxCommand {
  static override summary = "Work in a task's worktree yourself, in the agent's own session";
  static override description =
    "Ends the turn that runs, if one does, and holds the task until you leave: no turn starts. Opens the agent's own command in the worktree, and gives the task back when that ends. Where there is no terminal, and with --json, it only prints the command, and the task stays held until --leave.";
  static override examples = [
    "<%= config.bin %> attach x4k2pa",
    "<%= config.bin %> attach x4k2pa --shell",
    "<%= config.bin %> attach x4k2pa --print",
    "<%= config.bin %> attach x4k2pa --leave",
  ];
  static override args = { id: taskArg };
  static override flags = {
    print: boolean({
      description: "Print folder and command, open nothing, and leave the task held",
    }),
    shell: boolean({
      description: "A shell instead of the agent's own command",
    }),
    leave: boolean({ description: "Give the task back" }),
  };

  async run(): Promise<Attachment> {
    const { args, flags } = await this.parse(Attach);
    if (flags.leave && (flags.print || flags.shell))
      throw new UserError("--leave gives the task back: there is nothing to open then", {
        kind: "invalid",
        tryThis: `ampx attach ${args.id} --leave`,
      });
    const by = userName(process.env);
    const client = await this.client();
    const { attach, detach, work } = await import("../attach/attach.ts");
    if (flags.leave) {
      const task = await client.readTask(args.id);
      await detach(client, task, by);
      this.log(leftText(await client.readTask(task.id), this.paint));
      return { id: task.id, worktree: task.worktree, command: null, attached: false };
    }
    const attached = await attach(client, args.id, {
      by,
      env: process.env,
      shell: flags.shell === true,
      onWait: (what) => void process.stderr.write(`Waiting: ${what} (Ctrl-C gives up)\n`),
    });
    const { task, worktree, command } = attached;
    const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
    const opens = isTerminal && flags.print !== true && !this.jsonEnabled();
    this.log(attachedText(attached, opens, this.paint));
    if (opens) this.log(leftText(await work(client, attached, by), this.paint));
    return { id: task.id, worktree, command, attached: !opens };
  }
}
