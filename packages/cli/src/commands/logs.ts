import type { LogLine, LogPage, LogStream } from "@ampx/core";
import { boolean } from "@oclif/core/flags";
import { AmpxCommand } from "../ampx-command.ts";
import type { Client, LogFilter } from "../client.ts";
import { taskArg, wholeNumber } from "../flags.ts";
import { followLogs } from "../follow-logs.ts";
import { interruption } from "../interruption.ts";
import { logPrinter } from "../render/log-printer.ts";

export default class Logs extends AmpxCommand {
  static override summary =
    "Show what the worker did, what the agent said and what of CI goes back to it, in one stream";
  static override description = `With -f it goes on until the task is at rest. With -f --json it prints one JSON object a line, one for each line of the log.`;
  static override examples = [
    "<%= config.bin %> logs -f x4k2pa",
    "<%= config.bin %> logs x4k2pa --ci --attempt 2",
    "<%= config.bin %> logs x4k2pa --tail 50",
  ];
  static override args = { id: taskArg };
  static override flags = {
    follow: boolean({ char: "f", description: "Keep showing new lines until the task is at rest" }),
    attempt: wholeNumber("attempt", { min: 1, max: 10_000 }, "Only lines of this attempt"),
    agent: boolean({ description: "Only what the agent said" }),
    ci: boolean({ description: "Only what CI said" }),
    tail: wholeNumber("tail", { min: 0, max: 100_000 }, "Only the newest lines", "n"),
  };

  async run(): Promise<LogPage | undefined> {
    const { args, flags } = await this.parse(Logs);
    const streams: LogStream[] = [
      ...(flags.agent ? (["agent"] as const) : []),
      ...(flags.ci ? (["ci"] as const) : []),
    ];
    const filter: LogFilter = {
      ...(streams.length > 0 && { streams }),
      ...(flags.attempt !== undefined && { attempt: flags.attempt }),
      ...(flags.tail !== undefined && { tail: flags.tail }),
    };
    const client = await this.client();
    const page = await client.readLogs(args.id, filter);
    const print = logPrinter({
      paint: this.paint,
      files: page.files,
      whole: streams.length === 0 && flags.attempt === undefined,
      print: (text) => this.log(text),
    });
    if (!flags.follow) {
      page.lines.forEach(print);
      return page;
    }
    return this.follow(client, args.id, filter, print);
  }

  private async follow(
    client: Client,
    id: string,
    filter: LogFilter,
    print: (line: LogLine) => void,
  ): Promise<undefined> {
    using interrupted = interruption();
    const tell = this.jsonEnabled() ? (line: LogLine) => this.logLine(line) : print;
    await followLogs(client, id, filter, tell, interrupted.signal);
  }
}
