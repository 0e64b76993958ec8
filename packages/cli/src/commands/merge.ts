import type { TaskDetail } from "@ampx/core";
import { baseName } from "@ampx/core/base-name";
import { UserError } from "@ampx/core/user-error";
import { AmpxCommand } from "../ampx-command.ts";
import type { Client } from "../client.ts";
import { taskArg } from "../flags.ts";
import { followLogs } from "../follow-logs.ts";
import { interruption } from "../interruption.ts";
import { logPrinter } from "../render/log-printer.ts";
import { userName } from "../user-name.ts";

export default class Merge extends AmpxCommand {
  static override summary = "Merge a task's change: rebase, CI of that commit, fast-forward";
  static override description =
    "Follows until it is merged, or says why it is not and exits with 1.";
  static override examples = ["<%= config.bin %> merge x4k2pa"];
  static override args = { id: taskArg };

  async run(): Promise<TaskDetail> {
    const { args } = await this.parse(Merge);
    using interrupted = interruption();
    const client = await this.client();
    const task = await client.readTask(args.id);
    const newest = await newestLine(client, task.id);
    await client.changeTask(task.id, { action: "merge", by: userName(process.env) });
    const print = logPrinter({
      paint: this.paint,
      files: [],
      whole: false,
      print: (text) => this.log(text),
    });
    const end = await followLogs(
      client,
      task.id,
      { after: newest, streams: ["worker", "ci"] },
      print,
      interrupted.signal,
    );
    if (end.phase !== "merged") throw notMerged(end);
    this.log(
      `${this.paint("green", "✓")} merged into ${baseName(end.base)}${end.commit === null ? "" : `: ${end.commit.slice(0, 12)}`}`,
    );
    return end;
  }
}

async function newestLine(client: Client, id: string): Promise<number> {
  return (await client.readLogs(id, { tail: 1 })).lines.at(-1)?.n ?? 0;
}

function notMerged(task: TaskDetail): UserError {
  const refused = task.history.findLast(
    (event) => event.type === "request_refused" && event["request"] === "merge",
  );
  const reason =
    task.phase === "ready" && refused !== undefined
      ? String(refused["reason"])
      : (task.waiting_for ?? task.phase).replace(/^(you|nothing): /, "");
  return new UserError(`${task.short_id} is not merged: ${reason}`, {
    tryThis: `ampx show ${task.short_id}`,
  });
}
