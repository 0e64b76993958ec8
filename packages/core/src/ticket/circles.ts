/** Each circle of dependencies between two or more tickets once, from the one that comes first in the graph. Linear in tickets and dependencies, and without recursion: a chain may be long. */
export function ticketCircles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>();
  const found: string[][] = [];
  for (const start of graph.keys()) {
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
      const dependency = graph.get(top.id)?.[top.next++];
      if (dependency === undefined) {
        done.add(top.id);
        onPath.delete(top.id);
        path.pop();
        stack.pop();
      } else if (onPath.has(dependency)) {
        if (dependency !== top.id) found.push(path.slice(path.indexOf(dependency)));
      } else if (graph.has(dependency)) stack.push({ id: dependency, next: 0 });
    }
  }
  return found;
}
