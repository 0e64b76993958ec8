import type { RepositoryName } from "@ampx/core";

/** Where GitHub's API has a repository; see "Repositories" in its REST documentation. */
export function repositoryPath({ owner, name }: RepositoryName): string {
  return `/repos/${owner}/${name}`;
}
