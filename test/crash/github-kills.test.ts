import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FaultFor } from "../github/http/faults.ts";
import { onGitHubAlone } from "../world/crashes.ts";
import { waitFor } from "../world/wait-for.ts";
import { startWorkerProcess } from "../world/worker-process.ts";
import {
  gitHubOutcome,
  gitHubScenarios,
  type GitHubOutcome,
  type GitHubScenario,
} from "./github-scenarios.ts";

// A worker is killed at the requests of tasks on GitHub, before and after what they ask for has happened, and around every event. Another one
// goes on, and the task ends as it would have, with everything done once.

interface Unharmed {
  scenario: GitHubScenario;
  outcome: GitHubOutcome;
  requests: { method: string; path: string }[];
  /** The appends that the worker passes, before and after. */
  appends: string[];
}

async function playUnharmed(scenario: GitHubScenario): Promise<Unharmed> {
  await using world = await scenario.make();
  const trace = join(world.home, "trace");
  const id = (await scenario.createTask?.(world)) ?? (await world.createTask());
  await using _worker = await startWorkerProcess({ ...world.env, WORLD_TRACE: trace });
  const row = await scenario.play(world, id);
  const points = (await readFile(trace, "utf8")).split("\n");
  return {
    scenario,
    outcome: await gitHubOutcome(world, row),
    requests: world.github.requests().map(({ method, path }) => ({ method, path })),
    appends: points.filter((point) => point.startsWith("append ")),
  };
}

const unharmed: Unharmed[] = [];
for (const scenario of gitHubScenarios) unharmed.push(await playUnharmed(scenario));

test("unharmed, each does what it is about", () => {
  const [merged, reviewed, queued, withdrawn, issue, moved] = unharmed.map(
    ({ outcome }) => outcome,
  );
  expect(merged).toMatchObject({ phase: "merged", attempts: 2, pulls: 1, merges: 1 });
  expect(reviewed).toMatchObject({ phase: "ready", attempts: 2, comments: 3 });
  expect(queued).toMatchObject({ phase: "merged", runs: { "merge_group on the queue": 1 } });
  expect(withdrawn).toMatchObject({ phase: "ready", attempts: 2, merges: 0 });
  expect(issue).toMatchObject({ phase: "ready", pulls: 1, comments: 1 });
  expect(moved).toMatchObject({ phase: "needs_review", pulls: 0 });
});

test("every event that a worker appends on GitHub alone is reached", () => {
  const reached = new Set(unharmed.flatMap(({ appends }) => appends));
  expect(onGitHubAlone.filter((type) => !reached.has(`append ${type} after`))).toEqual([]);
});

interface Kill {
  name: string;
  baseline: Unharmed;
  /** The request at which the worker is killed. */
  at: FaultFor;
  afterEffect: boolean;
}

/** Looks repeat at will and change nothing: each is killed at once. What changes something is killed at each time, before and after. */
function killsAtRequests(): Kill[] {
  const covered = new Set<string>();
  return unharmed.flatMap((baseline) => {
    const times = new Map<string, number>();
    return baseline.requests.flatMap(({ method, path }) => {
      const what = pathPattern(path);
      const nth = (times.get(`${method} ${what}`) ?? 0) + 1;
      times.set(`${method} ${what}`, nth);
      // The queue is looked at, then asked for, then looked at as often as time has it.
      const isLaterLook = path === "/graphql" && nth > 2;
      const isLook = method === "GET" || path.endsWith("git-upload-pack") || isLaterLook;
      const key = `${method} ${what} ${isLook ? "" : nth}`;
      if (covered.has(key)) return [];
      covered.add(key);
      const at = { method, path: new RegExp(`^${what}$`), skip: nth - 1 };
      return (isLook ? [false] : [false, true]).map((afterEffect) => ({
        name: `${afterEffect ? "after" : "before"} ${method} ${path} (${nth}), in “${baseline.scenario.name}”`,
        baseline,
        at,
        afterEffect,
      }));
    });
  });
}

/** A path of any run of the scenario: ids and commits differ. */
function pathPattern(path: string): string {
  return path
    .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/[0-9a-f]{40}/g, "[0-9a-f]{40}")
    .replaceAll(/\d{4,}/g, String.raw`\d+`);
}

test.concurrent.for(killsAtRequests())(
  "a worker killed $name: nothing is lost or done twice",
  async ({ baseline: { scenario, outcome }, at, afterEffect }) => {
    await using world = await scenario.make();
    // A request that is never answered is where it is killed.
    world.github.fail(at, { kind: "hang", afterEffect });
    const id = (await scenario.createTask?.(world)) ?? (await world.createTask());
    await using doomed = await startWorkerProcess(world.env);
    const end = scenario.play(world, id);
    const hangs = () => world.github.requests().some(({ faulty }) => faulty);
    // With fewer looks than it took unharmed, the task may be over before.
    await Promise.race([end, waitFor("the request that hangs", hangs)]);
    await doomed.kill("SIGKILL");
    world.github.heal();
    await using _worker = await startWorkerProcess(world.env);
    expect(await gitHubOutcome(world, await end)).toEqual(outcome);
  },
);

describe("around events", () => {
  const covered = new Set<string>();
  const kills = unharmed.flatMap((baseline) =>
    baseline.appends.flatMap((point) => {
      if (covered.has(point)) return [];
      covered.add(point);
      return [{ point, baseline, name: baseline.scenario.name }];
    }),
  );

  test.concurrent.for(kills)(
    "a worker killed at $point, in “$name”, costs nothing",
    async ({ point, baseline: { scenario, outcome } }) => {
      await using world = await scenario.make();
      const id = (await scenario.createTask?.(world)) ?? (await world.createTask());
      await using doomed = await startWorkerProcess({ ...world.env, WORLD_KILL_AT: point });
      const next = doomed.gone.then(() => startWorkerProcess(world.env));
      const row = await scenario.play(world, id);
      await waitFor("the worker to be killed", () => doomed.child.signalCode === "SIGKILL");
      await using _worker = await next;
      expect(await gitHubOutcome(world, row)).toEqual(outcome);
    },
  );
});
