import { expect, test } from "vitest";
import { asking } from "./asking.ts";
import type { GitHubOptions } from "./github.ts";
import { startGitHub } from "./github.ts";

const start = Date.UTC(2026, 0, 1);

async function shop(options: GitHubOptions = {}) {
  const github = await startGitHub({ now: () => start, ...options });
  const repository = await github.createRepository("acme/shop");
  const ask = asking(github, github.createToken({ login: "acme" }));
  return { github, repository, ask, [Symbol.asyncDispose]: () => github[Symbol.asyncDispose]() };
}

test("an answer that has not changed is 304, and does not count", async () => {
  await using world = await shop();
  const { github, repository, ask } = world;
  const first = await ask("GET /repos/acme/shop/branches");
  const etag = { "if-none-match": first.headers.get("etag")! };

  const same = await ask("GET /repos/acme/shop/branches", undefined, etag);
  await repository.commit("new", { a: "a" });
  const changed = await ask("GET /repos/acme/shop/branches", undefined, etag);

  expect([first, same, changed].map(({ status }) => status)).toEqual([200, 304, 200]);
  expect([first, same, changed].map(({ headers }) => headers.get("x-ratelimit-used"))).toEqual([
    "1",
    "1",
    "2",
  ]);
  expect(github.requests()).toMatchObject([
    { route: "/repos/{owner}/{repo}/branches", status: 200, counted: true, by: "acme" },
    { status: 304, counted: false },
    { status: 200, counted: true },
  ]);
});

test("lists come in pages, whose links name the repository by its number", async () => {
  await using world = await shop();
  const { github, repository, ask } = world;
  for (let number = 1; number <= 5; number++) repository.openIssue(`issue ${number}`);

  const second = await ask("GET /repos/acme/shop/issues?per_page=2&page=2");

  const base = `${github.apiUrl}/repositories/${repository.id}/issues?per_page=2`;
  expect(second.headers.get("link")).toBe(
    [
      `<${base}&page=1>; rel="prev"`,
      `<${base}&page=3>; rel="next"`,
      `<${base}&page=3>; rel="last"`,
      `<${base}&page=1>; rel="first"`,
    ].join(", "),
  );
  const third = await ask(`GET ${base}&page=3`);
  expect(third.body).toMatchObject([{ title: "issue 1" }]);
});

test("a renamed repository leads on", async () => {
  await using world = await shop();
  const { github, repository, ask } = world;
  repository.rename("store");

  const moved = await ask("GET /repos/acme/shop/branches?page=1");

  const location = `${github.apiUrl}/repositories/${repository.id}/branches?page=1`;
  expect(moved).toMatchObject({
    status: 301,
    body: { message: "Moved Permanently", url: location },
  });
  expect(moved.headers.get("location")).toBe(location);
  expect(await ask(`GET ${location}`)).toMatchObject({ status: 200 });
  expect((await ask("GET /repos/acme/store")).body).toMatchObject({ full_name: "acme/store" });
});

test("a renamed default branch leads on over REST, and pull requests follow it", async () => {
  await using world = await shop();
  const { github, repository, ask } = world;
  await repository.commit("amp/a", { a: "a" });
  const { number } = await repository.openPull("amp/a");
  await repository.renameBranch("main", "trunk");

  const moved = await ask("GET /repos/acme/shop/branches/main");

  expect(moved.status).toBe(301);
  const location = `${github.apiUrl}/repositories/${repository.id}/branches/trunk`;
  expect(moved.headers.get("location")).toBe(location);
  expect((await ask(`GET ${location}`)).body).toMatchObject({ name: "trunk" });
  expect((await ask("GET /repos/acme/shop")).body).toMatchObject({ default_branch: "trunk" });
  expect((await ask(`GET /repos/acme/shop/pulls/${number}`)).body).toMatchObject({
    state: "open",
    base: { ref: "trunk" },
  });
});

test("who does not say who he is has sixty requests an hour", async () => {
  await using world = await shop();
  world.repository.setPrivate(false);
  const { headers, status } = await asking(world.github)("GET /repos/acme/shop");
  expect(status).toBe(200);
  expect(headers.get("x-ratelimit-limit")).toBe("60");
});

test("what is archived can be read and not changed", async () => {
  await using world = await shop();
  world.repository.archive();
  expect((await world.ask("GET /repos/acme/shop")).body).toMatchObject({ archived: true });
  expect(await world.ask("POST /repos/acme/shop/issues", { title: "x" })).toMatchObject({
    status: 403,
    body: { message: "Repository was archived so is read-only." },
  });
});

test.each([403, 429] as const)(
  "a spent budget is refused with %i until its hour is over",
  async (status) => {
    await using world = await shop({ limits: { perHour: 2, status } });
    const { github, ask } = world;
    await ask("GET /user");
    await ask("GET /user");

    const refused = await ask("GET /user");
    const left = await ask("GET /rate_limit");
    await github.advance(3_600_000);

    expect(refused).toMatchObject({
      status,
      body: { message: expect.stringMatching(/^API rate limit exceeded/) },
    });
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(refused.headers.get("x-ratelimit-reset")).toBe(String(start / 1000 + 3_600));
    expect(left.body).toMatchObject({ rate: { limit: 2, remaining: 0, used: 2 } });
    expect(await ask("GET /user")).toMatchObject({ status: 200 });
  },
);

test("another token of the same person does not renew the budget", async () => {
  await using world = await shop({ limits: { perHour: 1 } });
  const { github, ask } = world;
  await ask("GET /user");
  const again = asking(github, github.createToken({ login: "acme" }));
  const other = asking(github, github.createToken({ login: "mia" }));

  expect(await again("GET /user")).toMatchObject({ status: 403 });
  expect(await other("GET /user")).toMatchObject({ status: 200 });
});

test("too many points in a minute are refused for a minute", async () => {
  await using world = await shop({ limits: { pointsPerMinute: 7 } });
  const { github, ask } = world;
  await ask("POST /repos/acme/shop/issues", { title: "five points" });
  await ask("GET /user");
  await ask("GET /user");

  const refused = await ask("GET /user");
  await github.advance(60_000);

  expect(refused).toMatchObject({
    status: 403,
    body: { message: expect.stringMatching(/secondary rate limit/) },
  });
  expect(refused.headers.get("retry-after")).toBe("60");
  expect(await ask("GET /user")).toMatchObject({ status: 200 });
});

test("the n-th request can be answered with an error, before or after it has had its effect", async () => {
  await using world = await shop();
  const { github, repository, ask } = world;
  github.fail(2, { status: 502 });
  github.fail({ method: "POST", skip: 1 }, { status: 502, afterEffect: true });
  const post = () => ask("POST /repos/acme/shop/issues", { title: "x" });

  const first = await ask("GET /user");
  const before = await post();
  const after = await post();

  expect([first, before, after].map(({ status }) => status)).toEqual([200, 502, 502]);
  expect(repository.issues()).toHaveLength(1);
  expect(github.requests().map(({ faulty }) => faulty)).toEqual([false, true, true]);
});

test.each([
  ["reset", "fetch failed"],
  ["cut", "terminated"],
] as const)("a connection can be %s", async (kind, said) => {
  await using world = await shop();
  world.github.fail({ path: /^\/user$/ }, { kind });
  await expect(world.ask("GET /user")).rejects.toThrow(said);
  expect(await world.ask("GET /user")).toMatchObject({ status: 200 });
});

test("a request can hang, and a proxy can answer in HTML", async () => {
  await using world = await shop();
  const { github, ask } = world;
  github.fail(1, { kind: "html" });
  expect(await ask("GET /user")).toMatchObject({
    status: 200,
    body: expect.stringMatching(/^<html>/),
  });
  github.fail(1, { kind: "hang" });
  const hanging = fetch(`${github.apiUrl}/user`, { signal: AbortSignal.timeout(200) });
  await expect(hanging).rejects.toThrow("timeout");
});

test("the same answers are at the root, as at api.github.com", async () => {
  await using world = await shop();
  const { github, ask } = world;
  const { body } = await ask(`GET ${github.url}/repos/acme/shop`);
  expect(body).toMatchObject({ url: `${github.url}/repos/acme/shop` });
});
