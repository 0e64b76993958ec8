import { AmpxCommand } from "../ampx-command.ts";

export default class Stop extends AmpxCommand {
  static override summary = "Stop the server with everything that it runs";
  static override description =
    "Turns of agents are interrupted, cost no attempt and go on at the next start. Waits until nothing is left.";
  static override examples = ["<%= config.bin %> stop"];

  async run(): Promise<{ processes: number }> {
    await this.parse(Stop);
    const { stopServer } = await import("../stop-server.ts");
    const processes = await stopServer(this.home);
    this.log(
      processes === 0
        ? `No ampx server runs for ${this.home}`
        : `${this.paint("green", "✓")} ampx server stopped: ${processes} process${processes === 1 ? "" : "es"} ended`,
    );
    return { processes };
  }
}
