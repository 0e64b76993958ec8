import type { NewLogLine } from "@ampx/store";
import { expect, test } from "vitest";
import { systemClock } from "../system-clock.ts";
import { taskLog } from "./task-log.ts";

const id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

/** A store that fails so many times before it takes lines. */
function failing(times: number) {
  const stored: NewLogLine[] = [];
  return {
    stored,
    appendLog: async (_id: string, lines: NewLogLine[]) => {
      if (times-- > 0) throw new Error("the disk is full");
      stored.push(...lines);
    },
  };
}

test("lines that could not be written are written with the next ones, in order", async () => {
  const store = failing(2);
  await using log = taskLog(store, id, systemClock, 100);
  for (const text of ["one", "two", "three"]) {
    log.add("agent", 1, text);
    await log.flush();
  }
  expect(store.stored.map(({ text }) => text)).toEqual(["one", "two", "three"]);
});

test("of a flood the newest lines are kept, and the first of them counts those before", async () => {
  const store = failing(0);
  await using log = taskLog(store, id, systemClock, 100);
  for (let n = 1; n <= 1_050; n++) log.add("agent", 1, `line ${n}`);
  await log.flush();
  expect(store.stored).toHaveLength(100);
  expect(store.stored[0]).toMatchObject({ text: "line 951", skippedBefore: 950 });
  expect(store.stored.at(-1)?.text).toBe("line 1050");
});
