import type { ServerFile, ServerStatus } from "@ampx/core";
import { AmpxCommand } from "../ampx-command.ts";
import { findServer } from "../find-server.ts";
import { statusPage } from "../render/status-page.ts";

export default class Status extends AmpxCommand {
  static override summary =
    "Show whether the server runs, its workers and agents, and how many tasks there are";
  static override description = "Exits with 4 when no server runs.";
  static override examples = ["<%= config.bin %> status"];

  async run(): Promise<ServerStatus & { server: ServerFile }> {
    await this.parse(Status);
    const status = await (await this.client()).status();
    const server = await findServer(this.home);
    if (server === undefined) throw new Error("the server ended between two looks");
    this.log(statusPage(server, status, { now: Date.now(), paint: this.paint }));
    return { ...status, server };
  }
}
