import type { Why as WhyAnswer } from "@ampx/core";
import { AmpxCommand } from "../ampx-command.ts";
import { taskArg } from "../flags.ts";
import { nextAfterWhy, whyPage } from "../render/why-page.ts";

export default class Why extends AmpxCommand {
  static override summary =
    "Say why a task is not further: what it waits for, and who is before it";
  static override description =
    "Of any task, whether it waits for its turn, is worked on or is at rest. All that keeps it back is told, the first thing first.";
  static override examples = ["<%= config.bin %> why x4k2pa"];
  static override args = { id: taskArg };

  async run(): Promise<WhyAnswer & { next_command: string | null }> {
    const { args } = await this.parse(Why);
    const client = await this.client();
    const [why, task] = await Promise.all([client.why(args.id), client.readTask(args.id)]);
    const next = nextAfterWhy(why, task);
    this.log(whyPage(why, next, { now: Date.now(), paint: this.paint }));
    return { ...why, next_command: next };
  }
}
