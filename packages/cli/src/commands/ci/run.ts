import { string as stringArg } from "@oclif/core/args";
import { string } from "@oclif/core/flags";
import { AmpxCommand } from "../../ampx-command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { decimal } from "../../flags.ts";
import { interruption } from "../../interruption.ts";

export default class CiRun extends AmpxCommand {
  static override summary = "Judge one commit of a repository on this machine by its ci.sh";
  static override description = `What hooks and the worker start. Records the verdict in ci-status beside the repository, once however often it is called.
Exits with 0 when the commit passed or another process judges it.`;
  static override examples = ["<%= config.bin %> ci run ./repo.git refs/heads/main 4f0c…"];
  static override args = {
    repo: stringArg({ description: "Path of the repository", required: true, ignoreStdin: true }),
    ref: stringArg({
      description: "What was pushed: a ref or the name of a branch",
      required: true,
      ignoreStdin: true,
    }),
    sha: stringArg({ description: "Full id of the commit", required: true, ignoreStdin: true }),
  };
  static override flags = {
    base: string({
      description:
        "Branch whose ci.sh counts where none lies beside the repository [default: the default branch]",
      helpValue: "<branch>",
    }),
    "timeout-minutes": decimal(
      "timeout-minutes",
      { min: 0.01, max: 1_440 },
      "ci.sh that takes longer has failed [default: ci.timeout_minutes of the project's config]",
    ),
  };

  async run(): Promise<object> {
    const { args, flags } = await this.parse(CiRun);
    const { runLocalCi } = await import("../../run-local-ci.ts");
    using interrupted = interruption();
    const { text, exitCode, run } = await runLocalCi(
      { ...args, base: flags.base, timeoutMinutes: flags["timeout-minutes"], env: process.env },
      interrupted.signal,
      (warning) => this.logToStderr(warning),
    );
    this.log(text);
    process.exitCode = interrupted.signal.aborted ? exitCodes.interrupted : exitCode;
    return run;
  }
}
