import type { EnqueuedTickets } from "@ampx/core";
import { type PlacedTicket, readTickets, type TicketProblem } from "@ampx/core/ticket/index";
import { UserError } from "@ampx/core/user-error";
import { string } from "@oclif/core/args";
import { boolean, string as text } from "@oclif/core/flags";
import { AmpxCommand } from "../ampx-command.ts";
import { enqueuedLine, ticketProblemLine } from "../render/ticket-lines.ts";
import { ensureServer } from "../start-server.ts";
import { repoOf } from "../task-options.ts";
import { ticketFiles } from "../tickets/ticket-files.ts";
import { userName } from "../user-name.ts";

export default class Enqueue extends AmpxCommand {
  static override summary = "Make tasks of tickets";
  static override description = `Reads files of tickets (YAML, several documents in a file), or folders of them. All of them are enqueued, or none when one is wrong.
The same ticket again, with the same content, changes nothing; so a call may be repeated. They begin by priority and age, after what they depend on, and with all of their
locks: \`ampx why <id>\` says what one waits for. Starts the server in the background when none runs.`;
  static override examples = [
    "<%= config.bin %> enqueue tickets/ --repo shop",
    "<%= config.bin %> enqueue login.yaml --update",
    "cat ticket.yaml | <%= config.bin %> enqueue -",
  ];
  static override strict = false;
  static override args = {
    paths: string({
      required: true,
      ignoreStdin: true,
      description: "Files or folders; - for stdin",
    }),
  };
  static override flags = {
    repo: text({
      description:
        "Repository of tickets that name none: a path, owner/name, or the name of a project [default: where you stand]",
      helpValue: "<path>",
    }),
    update: boolean({
      description:
        "Change tickets that have not begun, and begin those anew that were aborted or have failed",
    }),
  };

  async run(): Promise<EnqueuedTickets> {
    const { argv, flags } = await this.parse(Enqueue);
    const files = await ticketFiles(argv.map(String), process.stdin);
    const read = files.map(({ file, bytes }) => readTickets(file, bytes));
    const placed = read.flatMap(({ tickets }) => tickets);
    this.refuse(read.flatMap(({ problems }) => problems));
    const needsRepo = placed.some(({ ticket }) => ticket.repo === undefined);
    const body = {
      tickets: placed.map(({ ticket }) => ticket),
      created_by: userName(process.env),
      ...((needsRepo || flags.repo !== undefined) && {
        repo: await repoOf(flags.repo, process.cwd()),
      }),
      ...(flags.update && { update: true }),
    };
    await ensureServer({
      home: this.home,
      version: this.config.version,
      env: process.env,
      say: (words) => void process.stderr.write(`${words}\n`),
    });
    const client = await this.client();
    const enqueued = await client.enqueue(body).catch((error: unknown) => {
      this.refuse(
        placedProblems(error, placed),
        error instanceof UserError ? error.tryThis : undefined,
      );
      throw error;
    });
    for (const ticket of enqueued.tickets) this.log(enqueuedLine(ticket, this.paint));
    return enqueued;
  }

  /** Nothing is enqueued when anything is wrong. */
  private refuse(problems: readonly TicketProblem[], hint?: string): void {
    if (problems.length === 0) return;
    const lines = problems.map((problem) => ticketProblemLine(problem, this.paint));
    throw new UserError(`Nothing was enqueued\n${lines.join("\n")}`, {
      kind: "invalid",
      tryThis: hint ?? "ampx validate, which needs no server",
    });
  }
}

/** What the server says of tickets, at the places where they were written. */
function placedProblems(error: unknown, placed: readonly PlacedTicket[]): TicketProblem[] {
  if (!(error instanceof UserError)) return [];
  return error.fields.flatMap(({ field, message }) => {
    const [, index] = /^tickets\[(\d+)\]$/.exec(field) ?? [];
    const ticket = index === undefined ? undefined : placed[Number(index)];
    return ticket === undefined
      ? []
      : [{ file: ticket.file, line: ticket.line, column: ticket.column, message }];
  });
}
