import { expect, test } from "vitest";
import { makeGitHubWorld } from "../github-tasks/github-world.ts";
import { untilReady, verdictDelays, waitingTasks } from "../github-tasks/waiting-tasks.ts";

const minute = 60_000;

test(
  "a hundred tasks in one repository are all green, by one listing a tick",
  { timeout: 300_000 },
  async () => {
    await using world = await makeGitHubWorld({
      simulated: true,
      // What people say of pull requests is asked for once they are open.
      config: { github: { review_comments: false } },
    });
    const count = 100;
    world.github.plan({}, ({ branch }) => {
      const n = Number(branch.split("-")[1]);
      return { queuedMs: ((n * 37) % count) * 300, afterMs: minute + ((n * 61) % count) * 5_000 };
    });
    const ids = await waitingTasks(world, count);
    const start = world.github.now();
    world.github.forgetRequests();
    await using _worker = await world.startWorker();
    await untilReady(world, ids);

    const asked = world.github.requests().filter((request) => request.counted);
    const listings = asked.filter(({ route }) => route?.endsWith("/actions/runs"));
    const ticks = Math.ceil((world.github.now() - start) / 20_000);
    expect(listings.length).toBeLessThanOrEqual(ticks + 1);
    // Each costs its checks, its statuses, the look for its pull request and that itself.
    expect(asked.length - listings.length).toBeLessThanOrEqual(4 * count + 10);
    const delays = (await verdictDelays(world, ids)).toSorted((a, b) => a - b);
    expect(delays[count / 2]).toBeLessThanOrEqual(20_000);
    expect(world.repository.issues().filter(({ pull }) => pull !== undefined)).toHaveLength(count);
  },
);
