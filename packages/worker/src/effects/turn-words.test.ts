import { expect, test } from "vitest";
import { arePlain, turnWords } from "./turn-words.ts";

type Word = Parameters<typeof arePlain>[0][number];

function word(text: string, facts: Partial<Word> = {}): Word {
  return { by: "kim", at: text.length, text, allow: [], interrupt: true, budget: {}, ...facts };
}

test("words come to the agent in order, each once, and each is passed before the next", async () => {
  const passed: number[] = [];
  let taken = 0;
  const words = turnWords(async () => void passed.push(taken));
  words.offer([word("a"), word("bb")]);
  words.offer([word("a"), word("bb"), word("ccc")]);
  const heard: string[] = [];
  for await (const text of words) {
    heard.push(text);
    taken++;
    if (heard.length === 3) words.close();
  }
  expect(heard).toEqual(["a", "bb", "ccc"]);
  expect(passed).toEqual([1, 2, 3]);
});

test("what was not taken when the turn is over is not passed", async () => {
  let passed = 0;
  const words = turnWords(async () => void passed++);
  words.offer([word("a"), word("bb")]);
  const turn = words[Symbol.asyncIterator]();
  expect(await turn.next()).toEqual({ done: false, value: "a" });
  words.close();
  await turn.return?.();
  expect(passed).toBe(0);
});

test("words that shall wait for the end of the turn wait, unless later ones must not", async () => {
  const words = turnWords(async () => undefined);
  words.offer([word("patient", { interrupt: false })]);
  words.offer([
    word("patient", { interrupt: false }),
    word("now"),
    word("later on", { interrupt: false }),
  ]);
  const turn = words[Symbol.asyncIterator]();
  expect((await turn.next()).value).toBe("patient");
  expect((await turn.next()).value).toBe("now");
  words.close();
  expect((await turn.next()).done).toBe(true);
});

test("the end of the turn ends a wait for words", async () => {
  const words = turnWords(async () => undefined);
  const turn = words[Symbol.asyncIterator]();
  const next = turn.next();
  words.close();
  expect(await next).toEqual({ done: true, value: undefined });
});

test("what also grants or lets something through is no matter of the turn that runs", () => {
  expect(arePlain([word("go")])).toBe(true);
  expect(arePlain([word("")])).toBe(false);
  expect(arePlain([word("go", { allow: ["ci_changed"] })])).toBe(false);
  expect(arePlain([word("go", { budget: { maxUsd: 5 } })])).toBe(false);
  expect(arePlain([word("go"), word("wait", { interrupt: false, allow: ["ci_changed"] })])).toBe(
    true,
  );
});
