import { expect, test } from "vitest";
import { waitFor } from "../world/wait-for.ts";
import { makeWorld } from "../world/world.ts";

const writes = (text: string) => [{ write: "answer", content: `${text}\n` }, { say: "Done." }];

// The first time before its branch is made, the second one after its push.
const points = ["append overlaps_found before", "append overlaps_found after"].flatMap((point) =>
  [1, 2].map((nth) => [point, nth] as const),
);

test.concurrent.for(points)(
  "a worker killed at %s, time %i, costs nothing",
  async ([point, nth]) => {
    await using world = await makeWorld({
      cases: [{ when: "First", turns: [writes("42")] }],
      turns: [writes("43")],
      ci: "true",
    });
    const ready = (id: string) =>
      world.until(
        id,
        ({ state, leaseHolder }) => state.phase.name === "ready" && leaseHolder === null,
      );
    const first = await world.createTask({}, "First: `answer` is 42.");
    await using before = await world.startWorker();
    await ready(first);
    await before.kill("SIGTERM");

    const second = await world.createTask({}, "Second: `answer` is 43.");
    const doomed = await world.startWorker({ WORLD_KILL_AT: point, WORLD_KILL_NTH: String(nth) });
    await waitFor("the worker to be killed", () => doomed.child.signalCode === "SIGKILL");
    await world.startWorker();
    const { state } = await ready(second);
    expect(state.spent).toMatchObject({ attempts: 1, turns: 1 });
    expect(await world.movesOf(state.task.branch)).toBe(1);
    const [prompt = ""] = (await world.prompts()).filter((told) => told.includes("Second"));
    expect(prompt).toContain("9g5000: answer (Answer)");
    const looks = (await world.store.newestEvents(second, 1_000)).filter(
      ({ event }) => event.type === "overlaps_found",
    );
    // Each of the two says something new; a look that is lost with the worker after the push is made up for by the next one.
    expect(looks.length).toBeLessThanOrEqual(2);
    expect(looks.length).toBeGreaterThanOrEqual(1);
  },
);
