import type { Stats as StatsAnswer } from "@ampx/core";
import { option, string } from "@oclif/core/flags";
import { AmpxCommand } from "../ampx-command.ts";
import { statsTable } from "../render/stats-table.ts";
import { sinceOf } from "../task-options.ts";

const groupings: StatsAnswer["by"][] = ["agent", "day", "repo", "creator", "task"];

export default class Stats extends AmpxCommand {
  static override summary = "Show what was used: tokens and money, by agent, day, repository, …";
  static override description =
    "What an agent does not tell is unknown, and never counted as nothing: ≥ stands before what is at least so much, ? where nothing is known.";
  static override examples = [
    "<%= config.bin %> stats",
    "<%= config.bin %> stats --since 7d --by day",
    "<%= config.bin %> stats --since 2026-11-01 --by task --json",
  ];
  static override flags = {
    since: string({
      description:
        "From when on: 12h, 7d, 4w ago, or 2026-11-01, with a time or without [default: 30d]",
      helpValue: "<time>",
    }),
    by: option({ options: groupings })({
      description: "What the groups are [default: agent]",
    }),
  };

  async run(): Promise<StatsAnswer> {
    const { flags } = await this.parse(Stats);
    const since = flags.since === undefined ? undefined : sinceOf(flags.since, Date.now());
    const client = await this.client();
    const stats = await client.stats({
      ...(since !== undefined && { since }),
      ...(flags.by !== undefined && { by: flags.by }),
    });
    this.log(statsTable(stats, { now: Date.now(), paint: this.paint }));
    return stats;
  }
}
