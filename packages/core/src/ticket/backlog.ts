import { ticketCircles } from "./circles.ts";
import type { Place, PlacedTicket, TicketProblem } from "./placed-ticket.ts";
import type { Ticket } from "./ticket.ts";

/**
 * What is wrong between tickets: an id twice, a dependency on itself, on nothing, or in a circle. Ids are those of a repository: two tickets of
 * different `repo` have nothing to do with each other. `isKnown`: whether there is such a ticket already, as that of a task; `repo` is as the ticket has it.
 */
export function backlogProblems(
  tickets: readonly PlacedTicket[],
  isKnown: (id: string, repo: string | undefined) => boolean = () => false,
): { of: PlacedTicket; problem: TicketProblem }[] {
  const problems: { of: PlacedTicket; problem: TicketProblem }[] = [];
  const report = (of: PlacedTicket, at: Place, message: string) =>
    problems.push({ of, problem: { file: at.file, line: at.line, column: at.column, message } });
  const byKey = new Map<string, PlacedTicket>();
  for (const one of tickets) {
    const key = keyIn(one.ticket, one.ticket.id);
    const first = byKey.get(key);
    if (first === undefined) byKey.set(key, one);
    else report(one, one, `the id ${one.ticket.id} is taken by ${first.file}:${first.line}`);
  }
  for (const one of tickets) {
    const { id, repo } = one.ticket;
    for (const [index, dependency] of one.ticket.dependencies.entries()) {
      const place = one.placeOfDependency(index);
      if (dependency === id) report(one, place, `${dependency} depends on itself`);
      else if (!byKey.has(keyIn(one.ticket, dependency)) && !isKnown(dependency, repo))
        report(
          one,
          place,
          `there is no ticket ${dependency}${repo === undefined ? "" : ` of ${repo}`}`,
        );
    }
  }
  for (const circle of ticketCircles(dependenciesIn(byKey))) {
    const around = circle.flatMap((key) => byKey.get(key) ?? []);
    const [one, next = one] = around;
    if (one === undefined || next === undefined) continue;
    const index = one.ticket.dependencies.indexOf(next.ticket.id);
    const way = [...around, one].map(({ ticket }) => ticket.id).join(" → ");
    report(one, one.placeOfDependency(index), `dependencies in a circle: ${way}`);
  }
  return problems;
}

/** The name of a ticket among those of all repositories, as one of the same repository calls it. */
function keyIn({ repo }: Ticket, id: string): string {
  return JSON.stringify([repo ?? null, id]);
}

function dependenciesIn(byKey: ReadonlyMap<string, PlacedTicket>): Map<string, readonly string[]> {
  return new Map(
    [...byKey].map(([key, { ticket }]) => [
      key,
      ticket.dependencies.map((dependency) => keyIn(ticket, dependency)),
    ]),
  );
}
