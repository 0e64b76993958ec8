import { UserError } from "@ampx/core/user-error";
import { string } from "@oclif/core/flags";
import { AmpxCommand } from "../../ampx-command.ts";
import { interruption } from "../../interruption.ts";

export default class WebhookForward extends AmpxCommand {
  static override summary = "Send webhooks of a repository on GitHub to this machine's server";
  static override description = `Runs \`gh webhook forward\` until Ctrl-C, so that GitHub reaches a server without a public address. Needs gh with its extension
cli/gh-webhook, a login that may administer the repository's webhooks, and AMPX_GITHUB_WEBHOOK_SECRET here as in the server's environment.
With --json it prints one JSON object on one line as soon as it forwards.`;
  static override examples = ["<%= config.bin %> webhook forward --repo acme/shop"];
  static override flags = {
    repo: string({
      description: "Repository, as owner/name",
      required: true,
      helpValue: "<owner/name>",
    }),
  };

  async run(): Promise<undefined> {
    const { flags } = await this.parse(WebhookForward);
    if (!/^[\w-][\w.-]*\/[\w.-]+$/.test(flags.repo))
      throw new UserError(`--repo is ${JSON.stringify(flags.repo)}, not owner/name`, {
        kind: "invalid",
        tryThis: "--repo acme/shop",
      });
    const { forwardWebhooks } = await import("../../webhook/forward-webhooks.ts");
    const { url } = await this.client();
    using interrupted = interruption();
    await forwardWebhooks({ repo: flags.repo, server: url, env: process.env }, interrupted.signal, {
      begun: (forwarded) => {
        if (this.jsonEnabled()) this.logLine(forwarded);
        else
          this.log(
            `${this.paint("green", "●")} ${forwarded.events.join(", ")} of ${flags.repo} → ${forwarded.to}`,
          );
      },
    });
    return undefined;
  }
}
