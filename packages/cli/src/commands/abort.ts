import type { TaskDetail } from "@ampx/core";
import { UserError } from "@ampx/core/user-error";
import { AmpxCommand } from "../ampx-command.ts";
import { taskArg } from "../flags.ts";
import { interruption } from "../interruption.ts";
import { taskAtRest } from "../task-at-rest.ts";
import { userName } from "../user-name.ts";

export default class Abort extends AmpxCommand {
  static override summary = "End a task and every process of it, and wait until they are gone";
  static override examples = ["<%= config.bin %> abort x4k2pa"];
  static override args = { id: taskArg };

  async run(): Promise<TaskDetail> {
    const { args } = await this.parse(Abort);
    using interrupted = interruption();
    const client = await this.client();
    const task = await client.readTask(args.id);
    await client.changeTask(task.id, { action: "abort", by: userName(process.env) });
    const end = await taskAtRest(client, task.id, interrupted.signal);
    if (end.status !== "aborted") {
      throw new UserError(
        `${end.short_id} was not aborted: it is ${end.phase.replaceAll("_", " ")}`,
        { kind: "conflict", tryThis: `ampx show ${end.short_id}` },
      );
    }
    this.log(
      `${this.paint("green", "✓")} ${end.short_id} aborted: nothing of it runs any more; its branch and its worktree are left`,
    );
    return end;
  }
}
