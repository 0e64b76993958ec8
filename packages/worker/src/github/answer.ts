import { hiddenMark, type RepositoryName } from "@ampx/core";
import type { Forge } from "../ports.ts";
import { Nothing } from "./answers/index.ts";
import type { GitHubClient } from "./client.ts";
import { permitted } from "./permitted.ts";
import { repositoryPath } from "./repository-path.ts";
import { readTalk } from "./talk.ts";

/**
 * Answers comments on a pull request: those on lines in their threads, all others by one comment below. What carries its mark was said
 * before, be it that the answer to a request got lost. GitHub's no is taken: a green change does not wait for it.
 */
export async function answerOnGitHub(
  {
    client,
    repository,
    number,
  }: { client: GitHubClient; repository: RepositoryName; number: number },
  comments: Parameters<NonNullable<Forge["answer"]>>[0],
  text: string,
  signal: AbortSignal,
): Promise<void> {
  const root = repositoryPath(repository);
  const say = (path: string, body: string): Promise<void> =>
    permitted(() =>
      client.send("POST", `${root}/${path}`, { body }, Nothing, { repository, signal }),
    );

  const talk = await readTalk(client, repository, number, signal);
  const open = comments.filter(({ key }) => {
    const mark = markOf(key);
    return !talk.some((said) => said.text.includes(mark));
  });
  const below = [];
  for (const comment of open) {
    const thread = talk.find(({ key }) => key === comment.key)?.thread ?? null;
    // One that was deleted has no thread to answer in any more.
    if (thread === null) below.push(comment);
    else
      await say(`pulls/${number}/comments/${thread}/replies`, `${text}\n\n${markOf(comment.key)}`);
  }
  if (below.length === 0) return;
  const whose = below.map(({ by, url }) => `[${by}](${url})`).join(", ");
  const marks = below.map(({ key }) => markOf(key)).join("\n");
  await say(`issues/${number}/comments`, `To ${whose}: ${text}\n\n${marks}`);
}

function markOf(key: string): string {
  return hiddenMark(`answers ${key}`);
}
