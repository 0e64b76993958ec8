import { expect, test } from "vitest";
import { makeWorld } from "./world/world.ts";

test("a task goes from red to green, is merged, and everything of it was done once", async () => {
  await using world = await makeWorld({
    turns: [
      [{ write: "answer", content: "41\n" }, { say: "I think it is 41." }],
      [{ write: "answer", content: "42\n" }, { say: "It is 42." }],
    ],
  });
  const id = await world.createTask();
  await using _worker = await world.startWorker();

  const ready = await world.until(id, (row) => row.state.phase.name === "ready");
  expect(ready.status).toBe("success");
  expect(ready.state.attempts.map(({ verdict, failure }) => [verdict, failure])).toEqual([
    ["failed", "FAIL: the answer is 41"],
    ["passed", null],
  ]);

  await world.request(id, { type: "merge_requested", at: Date.now(), by: "kim" });
  const merged = await world.until(id, (row) => row.state.phase.name === "merged");
  expect(await world.git(["show", "main:answer"])).toBe("42");
  expect(merged.state.spent.attempts).toBe(2);
  expect(await world.movesOf("amp/task-1")).toBe(2);
  expect(await world.movesOf("main")).toBe(2);
  expect(await world.ciRuns()).toEqual(merged.state.attempts.map(({ commit }) => commit));
  expect(await world.prompts()).toHaveLength(2);
});
