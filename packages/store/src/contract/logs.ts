import { expect, it } from "vitest";
import { addTasks, logLine, taskId } from "./fixtures.ts";
import type { StoreHarness } from "./harness.ts";

/** The newest lines of each task's log. */
export function logsContract(make: () => StoreHarness): void {
  it("numbers lines on and on, and keeps the newest up to the cap", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 2);
    const numbers = async () =>
      (await store.readLog(taskId(1), { limit: 1_000 })).map((line) => [line.n, line.text]);
    await store.appendLog(
      taskId(1),
      ["a", "b", "c"].map((text) => logLine(text)),
      4,
    );
    await store.appendLog(taskId(2), [logLine("other")], 4);
    expect(await numbers()).toEqual([
      [1, "a"],
      [2, "b"],
      [3, "c"],
    ]);
    await store.appendLog(
      taskId(1),
      ["d", "e", "f"].map((text) => logLine(text)),
      4,
    );
    expect(await numbers()).toEqual([
      [3, "c"],
      [4, "d"],
      [5, "e"],
      [6, "f"],
    ]);
    await store.appendLog(
      taskId(1),
      Array.from({ length: 250 }, (_, n) => logLine(`g${n}`)),
      4,
    );
    expect(await numbers()).toEqual([
      [253, "g246"],
      [254, "g247"],
      [255, "g248"],
      [256, "g249"],
    ]);
    await store.appendLog(taskId(1), [logLine("h", { skippedBefore: 10 }), logLine("i")], 4);
    expect(await numbers()).toEqual([
      [267, "h"],
      [268, "i"],
    ]);
    await store.appendLog(taskId(1), [], 4);
    expect(await store.readLog(taskId(2), { limit: 5 })).toHaveLength(1);
  });

  it("keeps every line of a batch of many and gives it back in order", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const texts = Array.from({ length: 1_234 }, (_, n) => `line ${n}`);
    await store.appendLog(
      taskId(1),
      texts.map((text) => logLine(text)),
      10_000,
    );
    expect((await store.readLog(taskId(1), { limit: 10_000 })).map((line) => line.text)).toEqual(
      texts,
    );
  });

  it("reads a log from a line on, its end, and only some of it", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    await store.appendLog(
      taskId(1),
      [
        logLine("1", { stream: "worker", attempt: 1 }),
        logLine("2", { stream: "agent", attempt: 1 }),
        logLine("3", { stream: "ci", attempt: 1 }),
        logLine("4", { stream: "agent", attempt: 2 }),
        logLine("5", { stream: "agent", attempt: 2, at: 86_400_000 }),
      ],
      100,
    );
    const read = async (query: object) =>
      (await store.readLog(taskId(1), { limit: 10, ...query })).map((line) => line.text).join("");
    expect(await read({})).toBe("12345");
    expect(await read({ after: 3 })).toBe("45");
    expect(await read({ limit: 2 })).toBe("12");
    expect(await read({ tail: 2 })).toBe("45");
    expect(await read({ tail: 5, limit: 2 })).toBe("45");
    expect(await read({ tail: 5, after: 3 })).toBe("45");
    expect(await read({ tail: 0 })).toBe("");
    expect(await read({ streams: ["agent"], attempt: 1 })).toBe("2");
    expect(await read({ streams: ["worker", "ci"] })).toBe("13");
    expect(await store.readLog(taskId(1), { tail: 1, limit: 1 })).toEqual([
      { n: 5, at: "1970-01-02T00:00:00.000Z", stream: "agent", attempt: 2, text: "5" },
    ]);
  });
}
