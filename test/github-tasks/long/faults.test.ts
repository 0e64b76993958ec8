import { describe, expect, test } from "vitest";
import type { Fault, FaultFor } from "../../github/http/faults.ts";
import { makeGitHubWorld } from "../github-world.ts";

const pulls = { method: "POST", path: "/repos/acme/shop/pulls" };
const runs = { method: "GET", path: "/repos/acme/shop/actions/runs" };
const logs = { method: "GET", path: /\/actions\/jobs\/\d+\/logs$/ };
const push = { method: "POST", path: /git-receive-pack$/ };

/** One request of a task that is red once goes wrong; the task ends right all the same. */
const faults: [string, FaultFor, Fault][] = [
  ["502 though the pull request was opened", pulls, { status: 502, afterEffect: true }],
  ["a reset though the pull request was opened", pulls, { kind: "reset", afterEffect: true }],
  ["500 before the pull request was opened", pulls, { status: 500 }],
  ["a cut answer though the pull request was opened", pulls, { kind: "cut", afterEffect: true }],
  [
    "429 with retry-after at the list of runs",
    runs,
    { status: 429, headers: { "retry-after": "1" } },
  ],
  [
    "a secondary limit at the list of runs",
    runs,
    {
      status: 403,
      message: "You have exceeded a secondary rate limit",
      headers: { "retry-after": "1" },
    },
  ],
  ["HTML at the list of runs", runs, { kind: "html" }],
  ["a cut list of runs", runs, { kind: "cut" }],
  ["500 at a log", logs, { status: 500 }],
  ["410 at a log", logs, { status: 410 }],
  ["404 at a log", logs, { status: 404 }],
  ["500 from where logs lie", { kind: "logs" }, { status: 500 }],
  ["a cut log", { kind: "logs" }, { kind: "cut" }],
  ["502 though the push was taken", push, { status: 502, afterEffect: true }],
  ["a reset before the push was taken", push, { kind: "reset" }],
];

describe(
  "with one fault a task that is red once still ends green, with one pull request",
  { concurrent: true },
  () => {
    test.each(faults)("%s", async (_, of, fault) => {
      await using world = await makeGitHubWorld({ answers: ["41", "42"] });
      world.github.fail(of, fault);
      const id = await world.createTask();
      await using _worker = await world.startWorker();
      const { state } = await world.ends(id, "ready");
      expect(state.spent.attempts).toBe(2);
      expect(world.repository.issues()).toHaveLength(1);
      expect(world.repository.runs()).toHaveLength(2);
      const posts = world.github
        .requests()
        .filter(({ method, path }) => method === "POST" && path.endsWith("/pulls"));
      expect(posts.length).toBeLessThanOrEqual(2);
    });
  },
);

test("a red that is the network's is run again and costs no attempt: the failed jobs, in the same run", async () => {
  await using world = await makeGitHubWorld();
  world.github.plan(
    { attempt: 1 },
    {
      conclusion: "failure",
      log: "npm error code ETIMEDOUT\nnpm error network request to https://registry.npmjs.org/left-pad failed, reason: connect ETIMEDOUT 104.16.0.1:443\n",
    },
  );
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  const { state } = await world.ends(id, "ready");
  expect(state.spent.attempts).toBe(1);
  expect(world.repository.runs()).toMatchObject([{ attempts: { length: 2 } }]);
});
