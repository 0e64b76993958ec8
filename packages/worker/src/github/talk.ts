import type { Instant, ReviewComment, RepositoryName } from "@ampx/core";
import { z } from "zod";
import { Author } from "./answers/issues.ts";
import { when } from "./answers/when.ts";
import type { GitHubClient } from "./client.ts";
import { repositoryPath } from "./repository-path.ts";

/** One thing that was said of a pull request. */
export interface Said extends ReviewComment {
  at: Instant;
  isBot: boolean;
  /** Of a comment on a line: the first one of its thread, which alone can be replied to. */
  thread: number | null;
}

/** All that was said of a pull request, oldest first: reviews with words, comments on lines, comments below. */
export async function readTalk(
  client: GitHubClient,
  repository: RepositoryName,
  number: number,
  signal: AbortSignal,
): Promise<Said[]> {
  const root = repositoryPath(repository);
  const list = async <T>(path: string, schema: z.ZodType<T[]>): Promise<T[]> =>
    (await client.pages(`${root}/${path}?per_page=100`, schema, { repository, signal })).flat();
  const reviews = await list(`pulls/${number}/reviews`, ReviewList);
  const onLines = await list(`pulls/${number}/comments`, LineCommentList);
  const below = await list(`issues/${number}/comments`, CommentList);
  // What is not yet handed in, or was taken back, is not said.
  const unsaid = new Set(reviews.filter(({ state }) => !isSaid(state)).map(({ id }) => id));
  const said = [
    ...reviews.filter(({ state }) => asks.has(state)),
    ...onLines.filter(({ review }) => review === null || !unsaid.has(review)),
    ...below,
  ];
  return said.filter(({ text }) => text.trim() !== "").toSorted((a, b) => a.at - b.at);
}

function isSaid(state: string): boolean {
  return state !== "PENDING" && state !== "DISMISSED";
}

/** Words of an approval ask for nothing. */
const asks = new Set(["CHANGES_REQUESTED", "COMMENTED"]);

const common = { id: z.int(), user: Author, body: z.string().nullish(), html_url: z.string() };

const ReviewList = z.array(
  z
    // One that is not yet handed in has no time.
    .object({ ...common, state: z.string(), submitted_at: when.nullish() })
    .transform(({ id, user: author, body, html_url: url, state, submitted_at: at }) => ({
      ...spoken({ kind: "review", id, url, author, body }),
      id,
      state,
      at: at ?? 0,
      path: null,
      line: null,
      thread: null,
    })),
);

const LineCommentList = z.array(
  z
    .object({
      ...common,
      path: z.string(),
      line: z.int().positive().nullish(),
      original_line: z.int().positive().nullish(),
      pull_request_review_id: z.int().nullish(),
      in_reply_to_id: z.int().nullish(),
      created_at: when,
    })
    .transform(({ id, user: author, body, html_url: url, created_at: at, path, ...more }) => ({
      ...spoken({ kind: "review_comment", id, url, author, body }),
      at,
      path,
      line: more.line ?? more.original_line ?? null,
      review: more.pull_request_review_id ?? null,
      thread: more.in_reply_to_id ?? id,
    })),
);

const CommentList = z.array(
  z
    .object({ ...common, created_at: when })
    .transform(({ id, user: author, body, html_url: url, created_at: at }) => ({
      ...spoken({ kind: "issue_comment", id, url, author, body }),
      at,
      path: null,
      line: null,
      thread: null,
    })),
);

function spoken(of: {
  kind: "review" | "review_comment" | "issue_comment";
  id: number;
  url: string;
  author: z.output<typeof Author>;
  body: string | null | undefined;
}) {
  // An account that is gone has no name.
  const { login: by, isBot } = of.author ?? { login: "", isBot: false };
  return { key: `${of.kind}:${of.id}`, url: of.url, text: of.body ?? "", by, isBot };
}
