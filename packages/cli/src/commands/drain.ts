import { boolean } from "@oclif/core/flags";
import { AmpxCommand } from "../ampx-command.ts";
import { drained } from "../drain.ts";
import { durationFlag } from "../flags.ts";
import { interruption } from "../interruption.ts";
import { progressLine } from "../progress-line.ts";
import { turnsText } from "../render/turns-text.ts";
import { userName } from "../user-name.ts";

interface Drained {
  /** The pause ends when the server is started again; false: somebody has paused everything before, and for longer. */
  until_restart: boolean;
  waited_seconds: number;
  /** Processes that were ended; null without --stop. */
  stopped: number | null;
}

export default class Drain extends AmpxCommand {
  static override summary = "Pause everything and wait until no agent works, before a restart";
  static override description = `No turn of an agent begins any more; those that run go on to their end. The pause ends when the server is started again.
When the time is up, or Ctrl-C ends the wait, the pause stays.`;
  static override examples = [
    "<%= config.bin %> drain --stop && <%= config.bin %> serve --detach",
    "<%= config.bin %> drain --timeout 2h",
  ];
  static override flags = {
    timeout: durationFlag("timeout", "How long to wait at most: 90s, 30m, 2h [default: 30m]"),
    stop: boolean({ description: "Stop the server then, as `ampx stop` does" }),
  };

  async run(): Promise<Drained> {
    const { flags } = await this.parse(Drain);
    using interrupted = interruption();
    const client = await this.client();
    const { pauses } = await client.pause({ until_restart: true, by: userName(process.env) });
    const untilRestart = pauses.some((pause) => pause.repo === null && pause.until_restart);
    const begun = performance.now();
    await this.wait(client, flags.timeout ?? defaultTimeoutMs, interrupted.signal);
    const waited = Math.round((performance.now() - begun) / 1_000);
    const stopped = flags.stop ? await this.stopped() : null;
    this.log(this.words(stopped, untilRestart));
    return { until_restart: untilRestart, waited_seconds: waited, stopped };
  }

  private async wait(
    client: Parameters<typeof drained>[0],
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    using progress = progressLine(process.stderr);
    const onTurns: Parameters<typeof drained>[1]["onTurns"] = (turns) =>
      progress.show(turnsText(turns, Date.now()), turns.map(({ id }) => id).join());
    try {
      await drained(client, { timeoutMs, onTurns }, signal);
    } catch (error) {
      progress[Symbol.dispose]();
      if (signal.aborted)
        process.stderr.write(
          "Everything stays paused until the server is started again: ampx resume ends that, ampx drain waits on\n",
        );
      throw error;
    }
  }

  private async stopped(): Promise<number> {
    const { stopServer } = await import("../stop-server.ts");
    return stopServer(this.home);
  }

  private words(stopped: number | null, untilRestart: boolean): string {
    const done =
      stopped === null
        ? "no turn of an agent runs: the server may be restarted (ampx stop, then ampx serve --detach)"
        : `ampx server stopped: ${stopped} process${stopped === 1 ? "" : "es"} ended, and no turn was cut off`;
    const end = untilRestart
      ? `everything is paused until the server is started again${stopped === null ? ", or ampx resume" : ""}`
      : "everything was paused before, and stays so after the restart: ampx resume ends it";
    return `${this.paint("green", "✓")} ${done}\n  ${end}`;
  }
}

const defaultTimeoutMs = 30 * 60_000;
