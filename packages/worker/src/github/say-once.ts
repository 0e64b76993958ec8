import type { Instant, Millis, RepositoryName } from "@ampx/core";
import { Comments, Nothing } from "./answers/index.ts";
import type { GitHubClient } from "./client.ts";
import { permitted } from "./permitted.ts";
import { repositoryPath } from "./repository-path.ts";

export interface Saying {
  /** Of the issue or pull request. */
  number: number;
  /** What nobody sees and by which it is found again. */
  mark: string;
  text: string;
  /** It cannot have been said before. */
  since: Instant;
}

/** A comment that is there once, however often it is asked for: looked for by its mark, then made. GitHub's no is taken. */
export async function sayOnce(
  { client, repository }: { client: GitHubClient; repository: RepositoryName },
  { number, mark, text, since }: Saying,
  signal: AbortSignal,
): Promise<void> {
  const path = `${repositoryPath(repository)}/issues/${number}/comments`;
  const call = { repository, signal };
  const from = new Date(since - leewayMs).toISOString();
  // Nice to have: a token that may not speak must not stop the work.
  await permitted(async () => {
    const pages = await client.pages(`${path}?since=${from}&per_page=100`, Comments, call);
    if (pages.flat().some(({ body }) => body.includes(mark))) return;
    await client.send("POST", path, { body: `${text}\n\n${mark}` }, Nothing, call);
  });
}

/** GitHub's clock may be behind this machine's. */
const leewayMs: Millis = 10 * 60_000;
