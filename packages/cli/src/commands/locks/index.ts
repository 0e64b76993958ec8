import type { LockList } from "@ampx/core";
import { AmpxCommand } from "../../ampx-command.ts";
import { lockTable } from "../../render/lock-table.ts";
import { repoFlag } from "../../repo-flag.ts";
import { repoOf } from "../../task-options.ts";

export default class Locks extends AmpxCommand {
  static override summary = "List the locks of tickets: who holds them, and who waits";
  static override description =
    "A task has all of its locks or none, from its first turn until it is merged or has ended. Locks of two repositories have nothing to do with each other.";
  static override examples = [
    "<%= config.bin %> locks",
    "<%= config.bin %> locks --repo shop",
    "<%= config.bin %> locks release user-auth",
  ];
  static override flags = { repo: repoFlag("Only the locks of this repository") };

  async run(): Promise<LockList> {
    const { flags } = await this.parse(Locks);
    const repo = flags.repo === undefined ? undefined : await repoOf(flags.repo, process.cwd());
    const list = await (await this.client()).locks(repo);
    this.log(lockTable(list, { now: Date.now(), paint: this.paint }));
    return list;
  }
}
