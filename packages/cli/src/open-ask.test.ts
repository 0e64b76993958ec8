import { expect, test } from "vitest";
import { openAsk } from "./open-ask.ts";

const ask = (id: number) => ({ id, at: 0, tool: "Bash", input: "make", why: "why", answer: null });
const task = (...ids: number[]) => ({ short_id: "x4k2pa", asks: ids.map(ask) });

test("the only ask is meant where none is named, else the one of that number", () => {
  expect(openAsk(task(4), undefined).id).toBe(4);
  expect(openAsk(task(4, 5), "5").id).toBe(5);
});

test.each([
  [task(), undefined, "The agent of x4k2pa asks for nothing", "ampx show x4k2pa"],
  [task(), "4", "The agent of x4k2pa asks for nothing", "ampx show x4k2pa"],
  [
    task(4, 5),
    undefined,
    "The agent of x4k2pa asks for 2 things\nThe agent asks\n  4  Bash  make\n",
    "ampx answer x4k2pa 4 --allow, or --deny",
  ],
  [
    task(4),
    "5",
    'The agent of x4k2pa does not ask for "5", or no more\nThe agent asks\n  4  Bash  make\n',
    "ampx answer x4k2pa 4 --allow, or --deny",
  ],
])("what cannot be answered is told with what can: %#", (asked, given, message, tryThis) => {
  expect(() => openAsk(asked, given)).toThrow(
    expect.objectContaining({ message: expect.stringContaining(message), tryThis }),
  );
});
