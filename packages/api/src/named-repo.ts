import type { RouteDeps } from "./route.ts";

/** A repository as tasks name it. One that is `known` by that name may be gone, and is found all the same. */
export async function namedRepo(
  given: string,
  known: Iterable<string | null>,
  { repositories }: Pick<RouteDeps, "repositories">,
): Promise<string> {
  for (const repo of known) if (repo === given) return given;
  return (await repositories.resolve(given, undefined, undefined)).repo;
}
