import { rename } from "node:fs/promises";
import { expect, test } from "vitest";
import { makeWorld } from "../world/world.ts";

test("a merge asked for while the repository is away is refused with the reason, and can be asked for again", async () => {
  await using world = await makeWorld({ turns: [[{ write: "answer", content: "42\n" }]] });
  const id = await world.createTask();
  await using worker = await world.startWorker();
  await world.until(id, ({ state }) => state.phase.name === "ready");
  await worker.kill("SIGTERM");

  const merge = () => world.request(id, { type: "merge_requested", at: Date.now(), by: "kim" });
  await rename(world.repo, `${world.repo}.away`);
  await using _next = await world.startWorker();
  await merge();
  const refused = await world.until(
    id,
    ({ state, leaseHolder }) => state.requests.merge === null && leaseHolder === null,
  );
  expect(refused.state.phase.name).toBe("ready");
  const [last] = (await world.store.newestEvents(id, 1)).map(({ event }) => event);
  expect(last).toMatchObject({ type: "request_refused", request: "merge" });
  expect(JSON.stringify(last)).toContain("does not exist");

  await rename(`${world.repo}.away`, world.repo);
  await merge();
  await world.until(id, ({ state }) => state.phase.name === "merged");
});
