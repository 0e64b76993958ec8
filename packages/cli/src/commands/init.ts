import { resolve } from "node:path";
import { string as stringArg } from "@oclif/core/args";
import { string } from "@oclif/core/flags";
import { AmpxCommand } from "../ampx-command.ts";
import { ciCommand } from "../ci-command.ts";
import type { Project } from "../init/create-project.ts";

export default class Init extends AmpxCommand {
  static override summary = "Make a project folder: bare repository, CI on push, backlog, config";
  static override description =
    "Run again on its own folder it adds what is missing and changes nothing else.";
  static override examples = [
    "<%= config.bin %> init shop",
    "<%= config.bin %> init /srv/shop --name shop",
  ];
  static override args = {
    dir: stringArg({
      description: "The folder; made when it is not there",
      default: ".",
      ignoreStdin: true,
    }),
  };
  static override flags = {
    name: string({ description: "Name for --repo [default: the folder's]", helpValue: "<name>" }),
  };

  async run(): Promise<Project> {
    const { args, flags } = await this.parse(Init);
    const { createProject } = await import("../init/create-project.ts");
    const project = await createProject({
      home: this.home,
      folder: resolve(args.dir ?? "."),
      name: flags.name,
      ciCommand: ciCommand(),
    });
    const what =
      project.created.length === 0
        ? "is complete; nothing was changed"
        : `made in ${project.folder}: ${project.created.join(", ")}`;
    this.log(`${this.paint("green", "✓")} project ${project.name} ${what}`);
    this.log(`  next: git push ${project.repo} HEAD:main   (from your clone)`);
    this.log(`        ampx start --repo ${project.name} --task "…" --follow`);
    this.log(`        or tickets: copy ${project.folder}/sample-ticket.yaml, and move what you`);
    this.log("        made of it into backlog/ beside it");
    return project;
  }
}
