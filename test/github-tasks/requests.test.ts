import { expect, test } from "vitest";
import { makeGitHubWorld, type GitHubWorld } from "./github-world.ts";
import { untilReady, verdictDelays, waitingTasks } from "./waiting-tasks.ts";

const minute = 60_000;

test("a green task with ten minutes of CI asks GitHub ten questions that count", async () => {
  await using world = await makeGitHubWorld({ simulated: true });
  world.github.plan({}, { queuedMs: 20_000, afterMs: 10 * minute });
  world.github.planRun({}, { appearsAfterMs: 2_000 });
  await world.github.advance(60 * minute);
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  await untilReady(world, [id]);
  const asked = counted(world).map(({ method, route }) => `${method} ${route?.slice(21)}`);
  expect(asked.toSorted()).toEqual([
    "GET ",
    "GET /actions/runs",
    "GET /actions/runs",
    "GET /actions/runs",
    "GET /branches/{branch}",
    "GET /commits/{ref}/check-runs",
    "GET /commits/{ref}/status",
    "GET /pulls",
    "GET /rules/branches/{branch}",
    "POST /pulls",
  ]);
});

test("tasks that wait in one repository share a listing a tick, and know of their ends soon", async () => {
  await using world = await makeGitHubWorld({
    simulated: true,
    // What people say of pull requests is asked for once they are open.
    config: { github: { review_comments: false } },
  });
  const count = 8;
  // Nobody knows how long the workflow takes, until the first ones have ended.
  world.github.plan({}, ({ branch }) => ({ afterMs: 3 * minute + 17_000 * numberOf(branch) }));
  const ids = await waitingTasks(world, count);
  world.github.forgetRequests();
  await using _worker = await world.startWorker();
  await untilReady(world, ids);

  const listings = counted(world).filter(({ route }) => route?.endsWith("/actions/runs"));
  const ticks = new Set(listings.map(({ at }) => Math.floor(at / 10_000)));
  expect(listings).toHaveLength(ticks.size);
  // Each costs its checks, its statuses, the look for its pull request and that itself; they share all else.
  expect(counted(world).length - listings.length).toBeLessThanOrEqual(4 * count + 6);
  // A listing is another one when a run begins, ends, or gets a pull request.
  expect(listings.length).toBeLessThanOrEqual(2 * count);
  const delays = (await verdictDelays(world, ids)).toSorted((a, b) => a - b);
  expect(delays[count / 2]).toBeLessThanOrEqual(20_000);
  expect(delays.at(-1)).toBeLessThanOrEqual(40_000);
});

function counted({ github }: GitHubWorld) {
  return github.requests().filter((request) => request.counted);
}

function numberOf(branch: string): number {
  return Number(branch.split("-")[1]);
}
