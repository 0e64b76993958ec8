import type { TaskList, TaskStatus } from "@ampx/core";
import { boolean, option, string } from "@oclif/core/flags";
import { AmpxCommand } from "../ampx-command.ts";
import type { Client, TaskFilter } from "../client.ts";
import { wholeNumber } from "../flags.ts";
import { userName } from "../user-name.ts";

const statuses: TaskStatus[] = [
  "queued",
  "running",
  "retrying",
  "needs_review",
  "success",
  "aborted",
  "error",
];

export default class Ls extends AmpxCommand {
  static override aliases = ["list"];
  static override summary = "List tasks, the newest first";
  static override description =
    "With -w --json it prints one JSON object a line, one for each change.";
  static override examples = [
    "<%= config.bin %> ls",
    "<%= config.bin %> ls --all --status needs_review,error",
    "<%= config.bin %> ls -w",
  ];
  static override flags = {
    all: boolean({ char: "a", description: "Everyone's tasks, not only your own" }),
    status: option({ options: statuses, multiple: true, delimiter: "," })({
      description: "Only tasks of these statuses, separated by commas",
    }),
    repo: string({
      description: "Only tasks on this repository: a path or the name of a project",
      helpValue: "<path>",
    }),
    limit: wholeNumber("limit", { min: 1, max: 500 }, "How many at most [default: 50]", "n"),
    watch: boolean({
      char: "w",
      description: "Keep showing the list as it changes; Ctrl-C ends it",
    }),
  };

  async run(): Promise<TaskList | undefined> {
    const { flags } = await this.parse(Ls);
    const filter: TaskFilter = {
      ...(!flags.all && { createdBy: userName(process.env) }),
      ...(flags.status && { statuses: flags.status }),
      ...(flags.repo !== undefined && { repo: await this.repo(flags.repo) }),
      limit: flags.limit ?? 50,
    };
    const client = await this.client();
    if (flags.watch) return this.watch(client, filter, flags.all);
    // Loaded while the server answers.
    const [list, { taskTable }] = await Promise.all([
      client.listTasks(filter),
      import("../render/task-table.ts"),
    ]);
    const columns = process.stdout.isTTY ? process.stdout.columns : undefined;
    this.log(
      taskTable(list, {
        now: Date.now(),
        paint: this.paint,
        withOwner: flags.all,
        ...(columns !== undefined && { columns }),
      }),
    );
    return list;
  }

  private async repo(given: string): Promise<string> {
    const { listedRepo } = await import("../listed-repo.ts");
    return listedRepo(given, process.cwd(), this.home);
  }

  private async watch(client: Client, filter: TaskFilter, withOwner: boolean): Promise<undefined> {
    const { watchTasks } = await import("../watch-tasks.ts");
    await watchTasks(client, filter, {
      withOwner,
      paint: this.paint,
      json: this.jsonEnabled(),
      out: process.stdout,
    });
  }
}
