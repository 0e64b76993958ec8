import { expect, test } from "vitest";
import { createGitHubClient } from "./client.ts";
import { createCredentials } from "./credentials.ts";
import { handClock, standIn } from "./fixture.ts";
import { gitHubReads } from "./reads.ts";

const { signal } = new AbortController();
const minute = 60_000;

/** A repository in which a run began each second, newest first; 250 of them. */
async function world() {
  const clock = handClock();
  const start = clock.now();
  const runs = Array.from({ length: 250 }, (_, n) => {
    const at = new Date(start - n * 1_000).toISOString();
    return {
      id: 1_000 - n,
      workflow_id: 7,
      event: "push",
      head_sha: "a".repeat(40),
      status: "queued",
      conclusion: null,
      html_url: "https://github.test/run",
      created_at: at,
      updated_at: at,
    };
  });
  const server = await standIn(({ path }) => {
    const page = Number(/&page=(\d+)$/.exec(path)?.[1] ?? 1);
    const from = (page - 1) * 100;
    return { body: { total_count: 250, workflow_runs: runs.slice(from, from + 100) } };
  }, clock.now);
  const credentials = createCredentials({ api: server.url, identity: { is: "nobody" }, clock });
  const graphql = `${server.url}/graphql`;
  const client = createGitHubClient({ api: server.url, graphql, credentials, clock });
  return {
    reads: gitHubReads(client, { owner: "acme", name: "shop" }),
    start,
    server,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

test("the newest runs are one page, or as many as it takes to get back to a moment", async () => {
  await using w = await world();
  const newest = async (until: number | null) => {
    const before = w.server.asked.length;
    const { runs, isAll } = await w.reads.newestRuns(signal, 0, until);
    return { runs: runs.length, isAll, asked: w.server.asked.length - before };
  };
  expect(await newest(null)).toEqual({ runs: 100, isAll: false, asked: 1 });
  expect(await newest(w.start - minute)).toEqual({ runs: 100, isAll: false, asked: 1 });
  expect(await newest(w.start - 3 * minute)).toEqual({ runs: 200, isAll: false, asked: 2 });
  expect(await newest(w.start - 60 * minute)).toEqual({ runs: 250, isAll: true, asked: 3 });
});
