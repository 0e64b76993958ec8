import type { Repository } from "../repository.ts";
import { fullName } from "../repository.ts";
import type { Site } from "./site.ts";

/** The open pull requests of this head, as runs and checks name them. Those of forks are never named. */
export function pullReferences(site: Site, repository: Repository, sha: string) {
  return repository.issues.flatMap(({ pull, state, number }) => {
    if (pull?.headSha !== sha || state !== "open" || pull.headRepositoryId !== repository.id)
      return [];
    const repo = {
      id: repository.id,
      url: `${site.api}/repos/${fullName(repository)}`,
      name: repository.name,
    };
    return [
      {
        url: `${repo.url}/pulls/${number}`,
        id: pull.id,
        number,
        head: { ref: pull.headBranch, sha, repo },
        base: { ref: pull.base, sha: pull.baseSha, repo },
      },
    ];
  });
}
