import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { makeGitHubWorld } from "./github-world.ts";

test("a green task asks GitHub for little", async () => {
  await using world = await makeGitHubWorld({ config: { github: { poll_seconds: 1 } } });
  world.github.plan({}, { execute: true, afterMs: 4_000 });
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  await world.ends(id, "ready");
  const counted = world.github.requests().filter((request) => request.counted);
  expect(counted.length).toBeLessThanOrEqual(15);
});

test("many tasks that wait in one repository ask as much as one", async () => {
  const count = 5;
  await using world = await makeGitHubWorld({
    config: { slots: 5, github: { poll_seconds: 0.5 } },
  });
  world.github.plan({}, { afterMs: Infinity });
  const ids = await Promise.all(Array.from({ length: count }, () => world.createTask()));
  await using _worker = await world.startWorker();
  for (const id of ids)
    await world.until(id, ({ waitingFor }) => waitingFor?.includes("CI runs") === true);

  world.github.forgetRequests();
  const ms = 5_000;
  await sleep(ms);
  const asked = world.github.requests();
  // One look a pause, however many wait, and a few for looks that did not fall together.
  expect(asked.length).toBeLessThanOrEqual((2 * ms) / 500);
  expect(asked.length).toBeGreaterThan(2);
  expect(asked.filter(({ counted }) => counted)).toHaveLength(0);
});
