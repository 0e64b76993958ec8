import { expect, test } from "vitest";
import { makeWorld, type World } from "../world/world.ts";

// Two tasks that change the same file: the later one's agent is told, or the later one waits.

const writes = (text: string) => [{ write: "answer", content: `${text}\n` }, { say: "Done." }];
const world = (overlaps: "tell" | "wait") =>
  makeWorld({
    cases: [
      { when: "First", turns: [writes("42")] },
      { when: "Second", turns: [writes("43"), writes("44")] },
    ],
    ci: "true",
    config: { tickets: { overlaps } },
  });
const ready = (of: World, id: string) =>
  of.until(id, ({ state, leaseHolder }) => state.phase.name === "ready" && leaseHolder === null);
const goOn = (of: World, id: string) =>
  of.request(id, {
    type: "continue_requested",
    at: Date.now(),
    by: "kim",
    text: "Once more.",
    allow: [],
  });
/** What the agent of the second task was told, turn by turn; the first one has a single turn. */
const toldOf = async (of: World) =>
  (await of.prompts()).filter((prompt) => !prompt.includes("First:"));
const found = async (of: World, id: string) =>
  (await of.store.newestEvents(id, 1_000)).flatMap(({ event }) =>
    event.type === "overlaps_found" ? [event.others] : [],
  );

test.concurrent("the agent of the later task is told which files the other one changes, and again when they conflict", async () => {
  await using here = await world("tell");
  await here.startWorker();
  const first = await here.createTask({}, "First: `answer` is 42.");
  await ready(here, first);
  const second = await here.createTask({}, "Second: `answer` is 43.");
  const { state } = await ready(here, second);
  const [told = ""] = await toldOf(here);
  expect(told).toContain("9g5000: answer (Answer)");
  expect(told).toContain("Keep to your own part");
  const overlap = { task: first, files: ["answer"], conflicts: ["answer"] };
  expect(state.overlaps).toMatchObject([overlap]);

  await goOn(here, second);
  await here.until(second, (row) => row.state.spent.turns === 2);
  await ready(here, second);
  const [, again = ""] = await toldOf(here);
  expect(again).toContain("Once more.");
  expect(again).toContain("9g5000: answer (conflict) (Answer)");
  // What is known already is not recorded again.
  expect(await found(here, second)).toMatchObject([[{ ...overlap, conflicts: [] }], [overlap]]);
  expect(await found(here, first)).toEqual([]);
});

test.concurrent("where the later one waits, it begins once the other is merged, and on top of it", async () => {
  await using here = await world("wait");
  await here.startWorker();
  const first = await here.createTask({}, "First: `answer` is 42.");
  const { state } = await ready(here, first);
  const second = await here.createTask({}, "Second: `answer` is 43.");
  const waiting = await here.until(
    second,
    ({ waitingFor, leaseHolder }) =>
      waitingFor === "9g5000, which changes answer, too (ampx continue 9g5001 --allow overlaps)" &&
      leaseHolder === null,
  );
  expect(waiting.state).toMatchObject({ phase: { name: "preparing" }, spent: { turns: 0 } });
  // The one that was there first is not held up.
  await goOn(here, first);
  await here.until(first, (row) => row.state.spent.turns === 2);
  await ready(here, first);
  await here.request(first, { type: "merge_requested", at: Date.now(), by: "kim" });
  const end = await ready(here, second);
  expect(end.state).toMatchObject({ base: state.pushed, overlaps: [], spent: { turns: 1 } });
  expect(await here.prompts()).toHaveLength(3);
});

test.concurrent("a person lets the later one go on all the same", async () => {
  await using here = await world("wait");
  await here.startWorker();
  await ready(here, await here.createTask({}, "First: `answer` is 42."));
  const second = await here.createTask({}, "Second: `answer` is 43.");
  const waits = "9g5000, which changes answer, too (ampx continue 9g5001 --allow overlaps)";
  await here.until(
    second,
    ({ waitingFor, leaseHolder }) => waitingFor === waits && leaseHolder === null,
  );
  await here.request(second, {
    type: "continue_requested",
    at: Date.now(),
    by: "kim",
    text: "",
    allow: ["overlaps"],
  });
  const { state } = await ready(here, second);
  expect(state).toMatchObject({ spent: { attempts: 1, turns: 1 }, requests: { words: [] } });
  expect(state.allowed).toEqual(["overlaps"]);
});
