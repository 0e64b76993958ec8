import { boolean } from "@oclif/core/flags";
import { AmpxCommand } from "../../ampx-command.ts";
import { wholeNumber } from "../../flags.ts";
import { interruption } from "../../interruption.ts";

export default class ServiceLogs extends AmpxCommand {
  static override summary = "Show what the server logs";
  static override description = `From the journal while the service runs, else from the server's own file. With --json one JSON object a line.`;
  static override examples = ["<%= config.bin %> service logs -f"];
  static override flags = {
    follow: boolean({ char: "f", description: "Go on with what comes, until Ctrl-C" }),
    lines: wholeNumber("lines", { min: 0, max: 100_000 }, "The newest lines [default: 100]", "n"),
  };

  async run(): Promise<undefined> {
    const { flags } = await this.parse(ServiceLogs);
    const { serviceHere } = await import("../../service/service-here.ts");
    const { serviceLogs } = await import("../../service/service-logs.ts");
    const { plan, manager, run } = serviceHere();
    using interrupted = interruption();
    await serviceLogs(
      plan,
      { manager, run },
      { env: process.env, lines: flags.lines ?? 100, follow: flags.follow },
      (line) => (this.jsonEnabled() ? this.logLine({ line }) : this.log(line)),
      interrupted.signal,
    );
    return undefined;
  }
}
