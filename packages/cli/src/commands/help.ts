import { closestTo } from "@ampx/core/config/closest-to";
import { UserError } from "@ampx/core/user-error";
import { string } from "@oclif/core/args";
import { loadHelpClass } from "@oclif/core/help";
import { AmpxCommand } from "../ampx-command.ts";
import { exitCodes } from "../exit-codes.ts";

export default class Help extends AmpxCommand {
  static override summary = "Show what ampx can do, or how one command is used";
  static override strict = false;
  static override args = { command: string({ description: "The command", ignoreStdin: true }) };

  async run(): Promise<{ commands: object[]; exit_codes: typeof exitCodes }> {
    const { argv } = await this.parse(Help);
    const wanted = argv.map(String);
    const known = this.config.commands.filter((command) => command.hidden !== true);
    const id = wanted.join(":");
    if (
      id !== "" &&
      this.config.findCommand(id) === undefined &&
      this.config.findTopic(id) === undefined
    ) {
      const meant = closestTo(
        id,
        known.flatMap((command) => [command.id, ...command.aliases]),
      );
      throw new UserError(`Unknown command: ${wanted.join(" ")}`, {
        kind: "invalid",
        tryThis: `ampx help${meant === undefined ? "" : ` ${meant.replaceAll(":", " ")}`}`,
      });
    }
    if (!this.jsonEnabled()) await this.showHelp(id);
    const shown = known.filter(
      (command) => id === "" || command.id === id || command.id.startsWith(`${id}:`),
    );
    const commands = shown.map((command) => ({
      name: command.id.replaceAll(":", " "),
      summary: command.summary ?? "",
      flags: Object.keys(command.flags),
    }));
    return { commands, exit_codes: exitCodes };
  }

  private async showHelp(id: string): Promise<void> {
    const HelpClass = await loadHelpClass(this.config);
    await new HelpClass(this.config, this.config.pjson.oclif.helpOptions ?? {}).showHelp(
      id === "" ? [] : [id],
    );
    if (id !== "") return;
    this.log(`\nEXIT CODES\n${exitCodeLines().join("\n")}`);
  }
}

function exitCodeLines(): string[] {
  const meanings: [number, string][] = [
    [exitCodes.ok, "done"],
    [exitCodes.failed, "failed, or the task that was followed did not become green"],
    [exitCodes.usage, "a flag, an argument or a value is not accepted"],
    [exitCodes.notFound, "no such task, repository or project"],
    [
      exitCodes.unreachable,
      "the server does not run, does not answer or does not accept the token",
    ],
    [exitCodes.refused, "the state of the task or of the server does not allow it"],
    [exitCodes.interrupted, "ended by Ctrl-C"],
    [exitCodes.terminated, "ended by SIGTERM"],
  ];
  return meanings.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`);
}
