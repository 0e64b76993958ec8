import type { ServerFile } from "@ampx/core";
import { UserError } from "@ampx/core/user-error";
import { boolean } from "@oclif/core/flags";
import { AmpxCommand } from "../ampx-command.ts";
import { wholeNumber } from "../flags.ts";
import { checkGitHub, githubUrlFlag, withGitHub } from "../github-url.ts";
import { interruption } from "../interruption.ts";
import { Ended } from "../report-failure.ts";
import { type StartedServer, startInBackground, startInFront } from "../start-server.ts";

type Served = ServerFile & { started_here: boolean };

interface Asked {
  port: number | undefined;
  githubUrl: string | undefined;
}

export default class Serve extends AmpxCommand {
  static override summary = "Run the server: the API and the worker that drives the tasks";
  static override description = `There is one server for each home; when one runs already, this says where and exits with 0. Agents see the keys of the
environment that the server is started in. In the foreground with --json it prints one JSON object on one line as soon as it answers.`;
  static override examples = [
    "<%= config.bin %> serve",
    "<%= config.bin %> serve --detach --port 9000",
    "<%= config.bin %> serve --detach --github-url https://github.example.org",
  ];
  static override flags = {
    port: wholeNumber(
      "port",
      { min: 0, max: 65_535 },
      "Exactly this port of 127.0.0.1 [default: the configured one or the next free one]",
    ),
    "github-url": githubUrlFlag(),
    detach: boolean({ char: "d", description: "In the background; `ampx stop` ends it" }),
  };

  async run(): Promise<Served | undefined> {
    const { flags } = await this.parse(Serve);
    const options = {
      home: this.home,
      version: this.config.version,
      env: withGitHub(process.env, flags["github-url"]),
      ...(flags.port !== undefined && { port: flags.port }),
    };
    const asked = { port: flags.port, githubUrl: flags["github-url"] };
    if (!flags.detach) return this.serveInFront(options, asked);
    return this.tell(await startInBackground(options), asked);
  }

  private async serveInFront(
    options: Parameters<typeof startInFront>[0],
    asked: Asked,
  ): Promise<Served | undefined> {
    using interrupted = interruption();
    const server = await startInFront(options);
    const told = await this.tell(server, asked);
    if (!server.startedHere) return told;
    if (this.jsonEnabled()) this.logLine(told);
    const stop = () => server.child.kill("SIGTERM");
    interrupted.signal.addEventListener("abort", stop);
    if (interrupted.signal.aborted) stop();
    const code = await server.ended;
    if (code !== 0) throw new Ended(code);
    return undefined;
  }

  private async tell({ server, startedHere }: StartedServer, asked: Asked): Promise<Served> {
    const { port, githubUrl } = asked;
    if (
      !startedHere &&
      port !== undefined &&
      port !== 0 &&
      new URL(server.url).port !== String(port)
    ) {
      throw new UserError(`An ampx server runs already, on another port: ${server.url}`, {
        kind: "conflict",
        tryThis: `ampx stop && ampx serve --port ${port}`,
      });
    }
    if (!startedHere) await checkGitHub(await this.client(), githubUrl);
    const how = startedHere ? "ampx server" : "An ampx server runs already";
    this.log(
      `${this.paint("green", "●")} ${how}: ${server.url}, pid ${server.pid}, home ${this.home}`,
    );
    return { ...server, started_here: startedHere };
  }
}
