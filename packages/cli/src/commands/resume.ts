import type { Pauses } from "@ampx/core";
import { AmpxCommand } from "../ampx-command.ts";
import { pauseLines } from "../render/pauses-text.ts";
import { printableLine } from "../render/printable.ts";
import { repoFlag } from "../repo-flag.ts";
import { repoOf } from "../task-options.ts";

export default class Resume extends AmpxCommand {
  static override summary = "End a pause: tasks begin and go on again";
  static override description =
    "Without --repo it ends every pause, those of single repositories too. What remains paused is told.";
  static override examples = ["<%= config.bin %> resume", "<%= config.bin %> resume --repo shop"];
  static override flags = { repo: repoFlag("End only the pause of this repository") };

  async run(): Promise<Pauses> {
    const { flags } = await this.parse(Resume);
    const asked = flags.repo === undefined ? {} : { repo: await repoOf(flags.repo, process.cwd()) };
    const answer = await (await this.client()).resume(asked);
    const { repo, ended, pauses } = answer;
    const what = repo === null ? "everything" : printableLine(repo);
    const words =
      ended > 0
        ? `${this.paint("green", "✓")} the pause of ${what} is over`
        : repo === null
          ? "Nothing is paused"
          : `${what} is not paused by itself`;
    const left = pauseLines(pauses, { now: Date.now(), paint: this.paint });
    this.log([words, ...left.map((line) => `  ${line}`)].join("\n"));
    return answer;
  }
}
