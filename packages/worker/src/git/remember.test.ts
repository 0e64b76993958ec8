import { expect, test } from "vitest";
import { remember } from "./remember.ts";

test("an answer is asked for once, while it is among the newest and worth it", async () => {
  const asked: string[] = [];
  const recall = remember<string>(2, (answer) => answer.length < 5);
  const ask = (key: string) =>
    recall(key, async () => {
      asked.push(key);
      return key;
    });
  expect([await ask("a"), await ask("a"), await ask("b"), await ask("a")]).toEqual([
    "a",
    "a",
    "b",
    "a",
  ]);
  expect(asked).toEqual(["a", "b"]);
  await ask("c");
  await ask("a");
  await ask("b");
  expect(asked).toEqual(["a", "b", "c", "b"]);
  await ask("too long");
  await ask("too long");
  expect(asked.slice(4)).toEqual(["too long", "too long"]);
});

test("what could not be had is asked for again", async () => {
  const recall = remember<number>(2, () => true);
  await expect(recall("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await recall("a", async () => 1)).toBe(1);
});
