import { string } from "@oclif/core/args";
import { AmpxCommand } from "../ampx-command.ts";
import { bashScript } from "../completion/bash.ts";
import type { CompletedCommand } from "../completion/completed-command.ts";
import { fishScript } from "../completion/fish.ts";
import { zshScript } from "../completion/zsh.ts";

const scripts = new Map([
  ["bash", bashScript],
  ["zsh", zshScript],
  ["fish", fishScript],
]);

export default class Completion extends AmpxCommand {
  static override summary = "Print a script that completes ampx commands in your shell";
  static override examples = [
    'eval "$(<%= config.bin %> completion bash)"   # in ~/.bashrc',
    'eval "$(<%= config.bin %> completion zsh)"    # in ~/.zshrc, after compinit',
    "<%= config.bin %> completion fish > ~/.config/fish/completions/ampx.fish",
  ];
  static override args = {
    shell: string({
      description: "bash, zsh or fish",
      options: [...scripts.keys()],
      required: true,
      ignoreStdin: true,
    }),
  };

  async run(): Promise<{ shell: string; script: string }> {
    const { args } = await this.parse(Completion);
    const script = scripts.get(args.shell)?.(this.commandsNow()) ?? "";
    this.log(script.trimEnd());
    return { shell: args.shell, script };
  }

  private commandsNow(): CompletedCommand[] {
    const shown = this.config.commands.filter((command) => command.hidden !== true);
    return shown
      .map((command) => ({
        name: command.id.replaceAll(":", " "),
        summary: command.summary ?? "",
        flags: Object.values(command.flags).map((flag) => ({
          name: flag.name,
          char: flag.char,
          summary: (flag.summary ?? flag.description ?? "").split("\n")[0] ?? "",
          takesValue: flag.type === "option",
          options: flag.type === "option" ? [...(flag.options ?? [])] : [],
        })),
      }))
      .toSorted((a, b) => a.name.localeCompare(b.name));
  }
}
