import { TransientError } from "@ampx/core";
import { expect, test } from "vitest";
import { answerOnGitHub } from "./answer.ts";
import { createGitHubClient } from "./client.ts";
import { createCredentials } from "./credentials.ts";
import { handClock, standIn, type Asked } from "./fixture.ts";
import { readTalk } from "./talk.ts";

const { signal } = new AbortController();
const repository = { owner: "acme", name: "shop" };
const root = "/repos/acme/shop";
const kim = { login: "kim", type: "User" };

/** A pull request with a review, a thread of two comments on a line, and a comment below. */
async function world(
  trouble: (asked: Asked) => { status: number; happened: boolean } | undefined = () => undefined,
) {
  const created_at = "2026-11-21T10:00:00Z";
  const talk = {
    reviews: [
      { id: 1, user: kim, body: "Not yet.", state: "CHANGES_REQUESTED", submitted_at: created_at },
      { id: 2, user: kim, body: "Nice!", state: "APPROVED", submitted_at: created_at },
      { id: 3, user: kim, body: "", state: "COMMENTED", submitted_at: created_at },
      { id: 4, user: kim, body: "A draft.", state: "PENDING" },
      { id: 5, user: kim, body: "Taken back.", state: "DISMISSED", submitted_at: created_at },
    ].map((one) => ({ ...one, html_url: `https://x/r${one.id}` })),
    lines: [
      line(11, { body: "Here.", line: null, original_line: 7, pull_request_review_id: 1 }),
      line(12, { body: "And so?", in_reply_to_id: 11, pull_request_review_id: 3 }),
      line(13, { body: "Later.", pull_request_review_id: 4 }),
    ] as Record<string, unknown>[],
    below: [
      { id: 21, user: null, body: "I am gone.", html_url: "https://x/c21", created_at },
      {
        id: 22,
        user: { login: "ci", type: "Bot" },
        body: "3 %",
        html_url: "https://x/c22",
        created_at,
      },
    ] as Record<string, unknown>[],
  };
  function line(id: number, more: Record<string, unknown>) {
    const common = { user: kim, path: "a.ts", line: 3, html_url: `https://x/l${id}` };
    return { id, ...common, created_at: "2026-11-21T11:00:00Z", ...more };
  }
  const server = await standIn((asked) => {
    const { method, path, body } = asked;
    if (method === "GET") {
      if (path.startsWith(`${root}/pulls/4/reviews?`)) return { body: talk.reviews };
      if (path.startsWith(`${root}/pulls/4/comments?`)) return { body: talk.lines };
      if (path.startsWith(`${root}/issues/4/comments?`)) return { body: talk.below };
    }
    const said = { id: 99, user: kim, html_url: "https://x/own", created_at, ...(body as object) };
    const { status = 201, happened = true } = trouble(asked) ?? {};
    if (happened && path.endsWith("/replies"))
      talk.lines.push({ ...said, path: "a.ts", in_reply_to_id: 11 });
    else if (happened) talk.below.push(said);
    return { status, body: status === 201 ? said : { message: "no" } };
  });
  const clock = handClock();
  const credentials = createCredentials({
    api: server.url,
    identity: { is: "token", token: "ghp_secret", from: "GH_TOKEN" },
    clock,
  });
  const client = createGitHubClient({ api: server.url, graphql: server.url, credentials, clock });
  return {
    client,
    answer: (...keys: string[]) =>
      answerOnGitHub(
        { client, repository, number: 4 },
        keys.map((key) => ({ key, by: "kim", url: `https://x/${key}` })),
        "Answered by abc.",
        signal,
      ),
    said: () =>
      server.asked
        .filter(({ method }) => method === "POST")
        .map(({ path, body }) => [path, (body as { body: string }).body]),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

test("what was said is read with who said it and where; drafts, approvals and what was taken back are nothing", async () => {
  await using w = await world();
  const talk = await readTalk(w.client, repository, 4, signal);
  expect(
    talk.map(({ key, by, isBot, path, line, thread }) => [key, by, isBot, path, line, thread]),
  ).toEqual([
    ["review:1", "kim", false, null, null, null],
    ["issue_comment:21", "", false, null, null, null],
    ["issue_comment:22", "ci", true, null, null, null],
    ["review_comment:11", "kim", false, "a.ts", 7, 11],
    ["review_comment:12", "kim", false, "a.ts", 3, 11],
  ]);
});

test("comments on lines are answered in their thread, all others together below", async () => {
  await using w = await world();
  await w.answer("review:1", "review_comment:12", "issue_comment:23");
  expect(w.said()).toEqual([
    [
      `${root}/pulls/4/comments/11/replies`,
      "Answered by abc.\n\n<!-- ampx: answers review_comment:12 -->",
    ],
    [
      `${root}/issues/4/comments`,
      "To [kim](https://x/review:1), [kim](https://x/issue_comment:23): Answered by abc.\n\n<!-- ampx: answers review:1 -->\n<!-- ampx: answers issue_comment:23 -->",
    ],
  ]);
});

test("what was answered is not answered again, also when the word of it was lost", async () => {
  await using w = await world(({ path }) =>
    path.endsWith("/replies") ? { status: 502, happened: true } : undefined,
  );
  await expect(w.answer("review_comment:11", "review:1")).rejects.toThrow(TransientError);
  await w.answer("review_comment:11", "review:1");
  await w.answer("review_comment:11", "review:1");
  expect(w.said().map(([path]) => path)).toEqual([
    `${root}/pulls/4/comments/11/replies`,
    `${root}/issues/4/comments`,
  ]);
});

test("a token that may not speak, or a thread that is gone, stops nothing", async () => {
  await using w = await world(({ path }) => ({
    status: path.endsWith("/replies") ? 404 : 403,
    happened: false,
  }));
  await w.answer("review_comment:11", "review:1");
  expect(w.said()).toHaveLength(2);
});
