import type { Place, PlacedTicket, TicketProblem } from "./read-tickets.ts";

/**
 * What is wrong between tickets: an id twice, a dependency on itself, on nothing, or in a circle. `known`: ids that are there already, such as
 * those of tasks.
 */
export function backlogProblems(
  tickets: readonly PlacedTicket[],
  known: ReadonlySet<string> = new Set(),
): { of: PlacedTicket; problem: TicketProblem }[] {
  const problems: { of: PlacedTicket; problem: TicketProblem }[] = [];
  const report = (of: PlacedTicket, at: Place, message: string) =>
    problems.push({ of, problem: { file: at.file, line: at.line, column: at.column, message } });
  const byId = new Map<string, PlacedTicket>();
  for (const one of tickets) {
    const { id } = one.ticket;
    const first = byId.get(id);
    if (first === undefined) byId.set(id, one);
    else report(one, one, `the id ${id} is taken by ${first.file}:${first.line}`);
  }
  for (const one of tickets) {
    for (const [index, dependency] of one.ticket.dependencies.entries()) {
      const place = one.placeOfDependency(index);
      if (dependency === one.ticket.id) report(one, place, `${dependency} depends on itself`);
      else if (!byId.has(dependency) && !known.has(dependency))
        report(one, place, `there is no ticket ${dependency}`);
    }
  }
  for (const circle of circles(byId)) {
    const [first = ""] = circle;
    const one = byId.get(first);
    if (one === undefined) continue;
    const index = one.ticket.dependencies.indexOf(circle[1] ?? first);
    const way = [...circle, first].join(" → ");
    report(one, one.placeOfDependency(index), `dependencies in a circle: ${way}`);
  }
  return problems;
}

/** Each circle of two or more once, from its ticket that was written first. Linear in tickets and dependencies, and without recursion: a chain may be long. */
function circles(byId: ReadonlyMap<string, PlacedTicket>): string[][] {
  const done = new Set<string>();
  const found: string[][] = [];
  for (const start of byId.keys()) {
    const path: string[] = [];
    const onPath = new Set<string>();
    const stack: { id: string; next: number }[] = [{ id: start, next: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1);
      if (top === undefined) break;
      if (top.next === 0 && !onPath.has(top.id)) {
        if (done.has(top.id)) {
          stack.pop();
          continue;
        }
        path.push(top.id);
        onPath.add(top.id);
      }
      const dependency = byId.get(top.id)?.ticket.dependencies[top.next++];
      if (dependency === undefined) {
        done.add(top.id);
        onPath.delete(top.id);
        path.pop();
        stack.pop();
      } else if (onPath.has(dependency)) {
        if (dependency !== top.id) found.push(path.slice(path.indexOf(dependency)));
      } else if (byId.has(dependency)) stack.push({ id: dependency, next: 0 });
    }
  }
  return found;
}
