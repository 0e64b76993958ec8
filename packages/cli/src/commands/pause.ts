import type { Pauses } from "@ampx/core";
import { AmpxCommand } from "../ampx-command.ts";
import { printableLine } from "../render/printable.ts";
import { repoFlag } from "../repo-flag.ts";
import { repoOf } from "../task-options.ts";
import { userName } from "../user-name.ts";

export default class Pause extends AmpxCommand {
  static override summary = "Begin no task and no agent's turn any more, until `ampx resume`";
  static override description =
    "Turns that run go on to their end, as do waits for CI, and merges. Tasks may still be started and enqueued: they wait. Lasts over a restart of the server.";
  static override examples = ["<%= config.bin %> pause", "<%= config.bin %> pause --repo shop"];
  static override flags = { repo: repoFlag("Only tasks of this repository") };

  async run(): Promise<Pauses> {
    const { flags } = await this.parse(Pause);
    const asked = flags.repo === undefined ? {} : { repo: await repoOf(flags.repo, process.cwd()) };
    const client = await this.client();
    const paused = await client.pause({ ...asked, by: userName(process.env) });
    const { repo } = paused;
    const [what, resume] =
      repo === null
        ? ["everything", "ampx resume"]
        : [printableLine(repo), `ampx resume --repo ${printableLine(repo)}`];
    this.log(
      `${this.paint("green", "✓")} ${what} is paused: no turn of an agent begins; those that run go on\n  end it: ${resume}`,
    );
    return paused;
  }
}
