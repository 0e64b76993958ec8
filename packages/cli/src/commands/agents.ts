import type { AgentsReport } from "../agents-report.ts";
import { AmpxCommand } from "../ampx-command.ts";
import { findServer } from "../find-server.ts";
import { agentsTable } from "../render/agents-table.ts";

export default class Agents extends AmpxCommand {
  static override summary =
    "Show which agents are installed and signed in, in which version, and what each can do";
  static override description =
    "Asks the running worker, which has the agents' keys; looks by itself when none runs.";
  static override examples = [
    "<%= config.bin %> agents",
    "<%= config.bin %> start --agent codex --task @ticket.md",
  ];

  async run(): Promise<AgentsReport> {
    await this.parse(Agents);
    const server = await findServer(this.home);
    const status = server === undefined ? undefined : await (await this.client()).status();
    const { agentsReport } = await import("../agents-report.ts");
    const report = await agentsReport({ home: this.home, env: process.env, status });
    this.log(agentsTable(report, { now: Date.now(), paint: this.paint }));
    return report;
  }
}
