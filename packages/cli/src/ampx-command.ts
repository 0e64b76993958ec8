import { homeFolder } from "@ampx/core/home";
import type { Interfaces } from "@oclif/core";
import { Command } from "@oclif/core/command";
import { type Client, connect } from "./client.ts";
import { type Paint, paintFor } from "./render/paint.ts";

/**
 * What every command has. `run` parses, calls, renders and returns the value that `--json` prints; failures are thrown and
 * told in one place, see `run.ts`.
 */
export abstract class AmpxCommand extends Command {
  static override enableJsonFlag = true;

  /** The folder that holds everything ampx keeps. */
  protected readonly home = homeFolder(process.env);
  /** Colours of stdout, or none. */
  protected readonly paint: Paint = paintFor(process.stdout, process.env);

  protected client(): Promise<Client> {
    return connect(this.home, this.config.version);
  }

  /** A line of NDJSON: what endless commands print under `--json`. */
  protected logLine(value: object): void {
    process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  override logJson(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  protected override async parse<
    F extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    B extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    A extends Interfaces.OutputArgs<Interfaces.ArgInput>,
  >(
    options?: Interfaces.Input<F, B, A>,
    argv?: string[],
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    try {
      return await super.parse<F, B, A>(options, argv);
    } catch (error) {
      const { usageFailure } = await import("./usage-failure.ts");
      throw usageFailure(error, {
        id: this.id ?? "",
        flags: ["json", "help", ...Object.keys(this.ctor.flags ?? {})],
      });
    }
  }

  protected override catch(error: Error): Promise<never> {
    return Promise.reject(error);
  }
}
