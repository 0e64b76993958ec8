import fc from "fast-check";
import { expect, test } from "vitest";
import type { TaskStatus } from "../projection.ts";
import { inTheWay, type InFlight } from "./in-the-way.ts";
import type { Overlap } from "./overlap.ts";

const sha = "a".repeat(40);
const idOf = (n: number) => `01ARZ3NDEKTSV4RRFFQ69G${String(n).padStart(4, "0")}`;
const flying = (n: number, status: TaskStatus = "running", waitsTurn = false): InFlight => ({
  id: idOf(n),
  title: "",
  commit: sha,
  status,
  waitsTurn,
});
const overlap = (n: number): Overlap => ({
  task: idOf(n),
  title: "",
  commit: sha,
  files: ["a"],
  conflicts: [],
});

test.for<[string, boolean, InFlight[]]>([
  ["an earlier one that is worked on", true, [flying(1)]],
  ["an earlier one that is green, until it is merged", true, [flying(1, "success")]],
  ["an earlier one that is not in flight any more", false, []],
  ["an earlier one that a person must help", false, [flying(1, "needs_review")]],
  ["an earlier one that has failed", false, [flying(1, "error")]],
  [
    "an earlier one that waits its turn, for a lock of this one say",
    false,
    [flying(1, "running", true)],
  ],
])("waits for %s: %s", ([, waits, inFlight]) => {
  expect(inTheWay(idOf(2), [overlap(1)], inFlight) !== undefined).toBe(waits);
});

test("waits for no later one", () => {
  expect(inTheWay(idOf(2), [overlap(3)], [flying(3)])).toBeUndefined();
});

test("whatever tasks overlap, none waits in a circle, and the first of them that can go on does", () => {
  const statuses: TaskStatus[] = ["running", "retrying", "success", "needs_review", "error"];
  fc.assert(
    fc.property(
      fc.array(fc.record({ status: fc.constantFrom(...statuses), waitsTurn: fc.boolean() }), {
        minLength: 1,
        maxLength: 12,
      }),
      fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 60 }),
      (tasks, pairs) => {
        const inFlight = tasks.map(({ status, waitsTurn }, n) => flying(n, status, waitsTurn));
        const waits = inFlight.map(({ id }, n) =>
          inTheWay(
            id,
            pairs.flatMap(([a, b]) => (a === n ? [overlap(b)] : b === n ? [overlap(a)] : [])),
            inFlight.filter((one) => one.id !== id),
          ),
        );
        for (const [n, wait] of waits.entries()) {
          // Every step leads to an earlier one, so that no walk comes back to where it began.
          if (wait !== undefined) expect(wait.task < idOf(n)).toBe(true);
        }
        const first = inFlight.findIndex(
          ({ status, waitsTurn }) => !waitsTurn && status !== "needs_review" && status !== "error",
        );
        if (first !== -1) expect(waits[first]).toBeUndefined();
      },
    ),
    { numRuns: 2_000 },
  );
});
