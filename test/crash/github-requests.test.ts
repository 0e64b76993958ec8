import { describe, expect, test } from "vitest";
import { makeGitHubWorld } from "../github-tasks/github-world.ts";
import type { Fault } from "../github/http/faults.ts";

/** What passes: the task must end as if nothing had been. */
const troubles: [string, Fault][] = [
  ["500", { status: 500 }],
  ["502 after the effect", { status: 502, afterEffect: true }],
  ["reset", { kind: "reset" }],
  ["a cut body after the effect", { kind: "cut", afterEffect: true }],
  ["HTML", { kind: "html" }],
  [
    "a secondary limit",
    {
      status: 403,
      message: "You have exceeded a secondary rate limit",
      headers: { "retry-after": "1" },
    },
  ],
  ["429", { status: 429, headers: { "retry-after": "1" } }],
];

/** What a person has to look at, or passes as well: the task must end, in a state with a name, and do nothing twice. */
const refusals: [string, Fault][] = [
  ["401", { status: 401, message: "Bad credentials" }],
  ["403", { status: 403, message: "Resource not accessible by personal access token" }],
  ["404", { status: 404, message: "Not Found" }],
  ["409", { status: 409, message: "Conflict" }],
  ["422", { status: 422, message: "Validation Failed" }],
];

/** As many requests as a green task makes, git's included, and some more. */
const requests = Array.from({ length: 28 }, (_, at) => at + 1);
// Each request meets another trouble; the rotation moves on with the number, so that a longer task meets them all.
const cases = (faults: [string, Fault][]) =>
  requests.map((nth) => {
    const [name, fault] = faults[nth % faults.length]!;
    return [nth, name, fault] as const;
  });

async function run(nth: number, fault: Fault, isEnd: (phase: string) => boolean) {
  const world = await makeGitHubWorld();
  await using disposal = new AsyncDisposableStack();
  disposal.use(world);
  world.github.fail(nth, fault);
  const id = await world.createTask();
  disposal.use(await world.startWorker());
  const { state } = await world.until(
    id,
    (row) => isEnd(row.state.phase.name) && row.leaseHolder === null,
  );
  expect(world.repository.issues().length).toBeLessThanOrEqual(1);
  const pushes = world.repository.runs().filter(({ event }) => event === "push");
  expect(pushes.length).toBeLessThanOrEqual(1);
  return { state, pulls: world.repository.issues().length };
}

describe("each request of a task fails in turn", { concurrent: true }, () => {
  test.each(cases(troubles))(
    "request %d with %s: green, with one pull request",
    async (nth, _, fault) => {
      const { state, pulls } = await run(nth, fault, (phase) => phase === "ready");
      expect(state.spent.attempts).toBe(1);
      expect(pulls).toBe(1);
    },
  );

  test.each(cases(refusals))(
    "request %d with %s: an end with a name, and nothing twice",
    async (nth, _, fault) => {
      const ends = ["ready", "error", "needs_review"];
      const { state } = await run(nth, fault, (phase) => ends.includes(phase));
      if (state.phase.name === "error") expect(state.phase.message).toMatch(/GitHub|git:/);
    },
  );
});
