import type { ReleasedLocks } from "@ampx/core";
import { UserError } from "@ampx/core/user-error";
import { string } from "@oclif/core/args";
import { boolean, string as text } from "@oclif/core/flags";
import { AmpxCommand } from "../../ampx-command.ts";
import { confirm } from "../../confirm.ts";
import { interruption } from "../../interruption.ts";
import { lockHolders } from "../../lock-holders.ts";
import { releasedText, releaseQuestion } from "../../render/lock-release-text.ts";
import { repoFlag } from "../../repo-flag.ts";
import { repoOf } from "../../task-options.ts";
import { userName } from "../../user-name.ts";

export default class LocksRelease extends AmpxCommand {
  static override summary = "Take locks away from a task, for others to go on";
  static override description = `The task loses all of its locks. A turn that runs goes on; its next turn waits until it has them again. Asks before it does so on a
terminal, and says who holds them; elsewhere it needs --yes.`;
  static override examples = [
    "<%= config.bin %> locks release user-auth",
    "<%= config.bin %> locks release x4k2pa --yes",
  ];
  static override args = {
    lock: string({
      required: true,
      ignoreStdin: true,
      description: "A lock, or the task that holds it: its short id or its ticket",
    }),
  };
  static override flags = {
    repo: repoFlag("The repository of the lock"),
    reason: text({ description: "Why; shown in the task's history", helpValue: "<text>" }),
    yes: boolean({ char: "y", description: "Do not ask" }),
  };

  async run(): Promise<ReleasedLocks> {
    const { args, flags } = await this.parse(LocksRelease);
    using interrupted = interruption();
    const client = await this.client();
    const repo = flags.repo === undefined ? undefined : await repoOf(flags.repo, process.cwd());
    const holders = lockHolders(await client.locks(repo), args.lock);
    const question = releaseQuestion(holders, Date.now());
    if (!flags.yes && !(await this.asked(question, args.lock, interrupted.signal))) {
      this.log("Nothing was taken away.");
      return { released: [] };
    }
    const released: ReleasedLocks["released"] = [];
    for (const { task } of holders) {
      const answer = await client.releaseLocks({
        task: task.id,
        by: userName(process.env),
        ...(flags.reason !== undefined && { reason: flags.reason }),
      });
      released.push(...answer.released);
    }
    this.log(releasedText({ released }, this.paint));
    return { released };
  }

  private asked(question: string, lock: string, signal: AbortSignal): Promise<boolean> {
    const { stdin: input, stderr: output } = process;
    const isTerminal = input.isTTY === true && output.isTTY === true && !this.jsonEnabled();
    if (!isTerminal)
      throw new UserError(`Nobody can be asked here whether to take the locks away\n${question}`, {
        kind: "invalid",
        tryThis: `ampx locks release ${lock} --yes`,
      });
    output.write(`${question}\n`);
    return confirm("Take them away?", { input, output, signal });
  }
}
