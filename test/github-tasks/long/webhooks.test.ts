import type { TaskId } from "@ampx/core";
import { expect, test } from "vitest";
import { makeGitHubWorld, type GitHubWorld } from "../github-world.ts";
import { hearingApi } from "../hearing-api.ts";

test("with webhooks red and green CI are acted on at once, however seldom a task looks by itself", async () => {
  await using world = await makeGitHubWorld({
    answers: ["41", "42"],
    config: { github: { poll_seconds: 240 } },
  });
  await using api = await hearingApi(world);
  world.github.addHook({ url: `${api.url}/webhooks/github`, secret: "guessed" });
  world.github.plan({}, { execute: true, afterMs: 700 });
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  await world.ends(id, "ready");
  for (const ms of await delays(world, id)) expect(ms).toBeLessThan(5_000);
  const statuses = new Set(world.github.deliveries().map(({ status }) => status));
  expect(statuses).toEqual(new Set([202, 401]));
});

test("ten minutes of green CI cost at most ten requests with webhooks, and no time", async () => {
  await using world = await makeGitHubWorld({ simulated: true });
  await using _api = await hearingApi(world);
  world.github.plan({}, { afterMs: 600_000 });
  world.github.planRun({}, { appearsAfterMs: 5_000 });
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  await world.ends(id, "ready");
  const [ms = Infinity] = await delays(world, id);
  expect(ms).toBeLessThanOrEqual(1_000);
  const counted = world.github.requests().filter((request) => request.counted);
  expect(counted.length).toBeLessThanOrEqual(10);
});

test("a task whose webhooks stop to come ends by its own looks, five minutes later at most", async () => {
  await using world = await makeGitHubWorld({ simulated: true });
  await using _api = await hearingApi(world);
  world.github.plan({}, () => {
    world.github.removeHooks();
    return { afterMs: 600_000 };
  });
  const id = await world.createTask();
  await using _worker = await world.startWorker();
  await world.ends(id, "ready");
  const heard = world.github.deliveries().map(({ event }) => event);
  expect(heard).toEqual(["push", "workflow_run", "workflow_job"]);
  const [ms = Infinity] = await delays(world, id);
  expect(ms).toBeLessThanOrEqual(300_000);
});

/** How long after the end of each run its verdict was known. */
async function delays({ store, repository }: GitHubWorld, id: TaskId): Promise<number[]> {
  const events = await store.newestEvents(id, 200);
  return events.flatMap(({ event }) => {
    if (event.type !== "ci_passed" && event.type !== "ci_failed") return [];
    const [run] = repository.runs(event.sha);
    return [event.at - (run?.updatedAt ?? 0)];
  });
}
