import type { TaskDetail } from "@ampx/core";
import { AmpxCommand } from "../ampx-command.ts";
import { taskArg } from "../flags.ts";
import { taskPage } from "../render/task-page.ts";

export default class Show extends AmpxCommand {
  static override summary = "Show one task: phase, what it waits for, attempts, budget, history";
  static override examples = ["<%= config.bin %> show x4k2pa"];
  static override args = { id: taskArg };

  async run(): Promise<TaskDetail> {
    const { args } = await this.parse(Show);
    const task = await (await this.client()).readTask(args.id);
    this.log(taskPage(task, { now: Date.now(), paint: this.paint }));
    return task;
  }
}
