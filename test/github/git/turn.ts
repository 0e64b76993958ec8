import type { Repository } from "../repository.ts";

/** Pushes and merges of a repository one after the other: what each changed lies between two looks at its refs. */
export function inTurn<T>(repository: Repository, work: () => Promise<T>): Promise<T> {
  const turn = after(repository.busy, work);
  // Whoever asked is told of a failure; the next one only waits.
  repository.busy = turn.catch(() => {});
  return turn;
}

async function after<T>(earlier: Promise<unknown>, work: () => Promise<T>): Promise<T> {
  await earlier;
  return work();
}
