import {
  backlogProblems,
  readTickets,
  type Ticket,
  type TicketProblem,
} from "@ampx/core/ticket/index";
import { string } from "@oclif/core/args";
import { AmpxCommand } from "../ampx-command.ts";
import { ticketLine, ticketProblemLine, ticketSummary } from "../render/ticket-lines.ts";
import { ticketFiles } from "../tickets/ticket-files.ts";

interface Validated {
  tickets: Ticket[];
  problems: TicketProblem[];
}

export default class Validate extends AmpxCommand {
  static override summary = "Check tickets before they are enqueued";
  static override description = `Reads files of tickets (YAML, several documents in a file), or folders of them, and checks each ticket, and all of them against each other: ids that are taken, dependencies that are not there or go in a circle. Exit code 1 when there is a problem. Needs no server.`;
  static override examples = [
    "<%= config.bin %> validate backlog/",
    "<%= config.bin %> validate login.yaml logout.yaml --json",
    "cat ticket.yaml | <%= config.bin %> validate -",
  ];
  static override strict = false;
  static override args = {
    paths: string({
      required: true,
      ignoreStdin: true,
      description: "Files or folders; - for stdin",
    }),
  };

  async run(): Promise<Validated> {
    const { argv } = await this.parse(Validate);
    const files = await ticketFiles(argv.map(String), process.stdin);
    const read = files.map(({ file, bytes }) => readTickets(file, bytes));
    const placed = read.flatMap(({ tickets }) => tickets);
    const between = backlogProblems(placed);
    const wrong = new Set(between.map(({ of }) => of));
    const problems = [
      ...read.flatMap((one) => one.problems),
      ...between.map(({ problem }) => problem),
    ];
    for (const one of placed) if (!wrong.has(one)) this.log(ticketLine(one.ticket, this.paint));
    for (const problem of problems) this.log(ticketProblemLine(problem, this.paint));
    this.log(ticketSummary(placed.length, problems.length, this.paint));
    if (problems.length > 0) process.exitCode = 1;
    return { tickets: placed.map(({ ticket }) => ticket), problems };
  }
}
