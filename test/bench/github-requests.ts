import { setTimeout as sleep } from "node:timers/promises";
import { makeGitHubWorld, type GitHubWorld } from "../github-tasks/github-world.ts";
import { hearingApi } from "../github-tasks/hearing-api.ts";
import { untilReady, verdictDelays, waitingTasks } from "../github-tasks/waiting-tasks.ts";
import type { Figure } from "./figure.ts";
import type { Finding } from "./finding.ts";

const second = 1_000;
const minute = 60 * second;

/**
 * What tasks ask of GitHub, counted by a GitHub on loopback that takes no 304 and no git off the limit. Time is simulated, so the counts are
 * the same each time.
 */
export const githubRequests: Figure = {
  name: "github-requests",
  async run(_folder, signal) {
    return [
      ...(await oneTask("by polling", { requests: 15, seconds: 20 }, signal)),
      ...(await oneTask("with webhooks", { requests: 10, seconds: 1 }, signal)),
      ...(await hundredTasks(signal)),
    ];
  },
};

/** Ten minutes of CI, give or take, that begin at any moment of a tick. */
async function oneTask(
  way: "by polling" | "with webhooks",
  atMost: { requests: number; seconds: number },
  signal: AbortSignal,
): Promise<Finding[]> {
  const requests: number[] = [];
  const delays: number[] = [];
  for (const [n, afterMs] of [580, 600, 613, 627, 655].entries()) {
    signal.throwIfAborted();
    await using world = await makeGitHubWorld({ simulated: true });
    await using _api = way === "with webhooks" ? await hearingApi(world) : null;
    world.github.plan({}, { queuedMs: 10 * second, afterMs: afterMs * second });
    world.github.planRun({}, { appearsAfterMs: 3 * second });
    // An old repository, and not always the same moment of a tick.
    await world.github.advance(60 * minute + n * 2_300);
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    await untilReady(world, [id], signal);
    requests.push(countedOf(world).length);
    delays.push(...(await verdictDelays(world, [id])).map((ms) => ms / second));
  }
  return [
    most(`requests of a green task with ten minutes of CI, ${way}`, "requests", requests, {
      of: "p99",
      atMost: atMost.requests,
    }),
    most(`from the end of CI to the next step, one task, ${way}`, "s", delays, {
      of: "median",
      atMost: atMost.seconds,
    }),
  ];
}

async function hundredTasks(signal: AbortSignal): Promise<Finding[]> {
  const all = await allEnd(signal);
  return [
    most(
      "requests an hour while 100 tasks wait in one repository, in which others push every two minutes",
      "requests",
      [await waiting(signal)],
      { of: "p99", atMost: 600 },
    ),
    most(
      "requests an hour when all 100 of them end within it, their pull requests included and what people say there left out",
      "requests",
      [all.requests],
      { of: "p99", atMost: 600 },
    ),
    most("from the end of CI to the next step, 100 tasks, by polling", "s", all.delays, {
      of: "median",
      atMost: 20,
    }),
  ];
}

const count = 100;

/** A quarter of an hour, times four. */
async function waiting(signal: AbortSignal): Promise<number> {
  await using world = await makeGitHubWorld({ simulated: true });
  const { github, repository } = world;
  github.plan({}, ({ branch }) => {
    const isOurs = branch.startsWith("amp/");
    return { queuedMs: numberOf(branch) * second, afterMs: (isOurs ? 60 : 4) * minute };
  });
  const ids = await waitingTasks(world, count);
  const start = github.now();
  const end = start + 15 * minute;
  for (let at = start, n = 0; at < end; at += 2 * minute, n++)
    github.at(at, () => repository.commit(`kim/work-${n}`, { other: `${n}\n` }));
  github.forgetRequests();
  await using _worker = await world.startWorker();
  while (github.now() < end) await sleep(50, undefined, { signal });
  const rows = await Promise.all(ids.map((id) => world.store.readTask(id)));
  if (rows.some((row) => row?.state.phase.name !== "awaiting_ci"))
    throw new Error("a task has not waited");
  return 4 * countedOf(world).filter(({ at }) => at < end).length;
}

/** Their ends are spread over the hour. */
async function allEnd(signal: AbortSignal): Promise<{ requests: number; delays: number[] }> {
  const config = { github: { review_comments: false } };
  await using world = await makeGitHubWorld({ simulated: true, config });
  world.github.plan({}, ({ branch }) => {
    const n = numberOf(branch);
    return {
      queuedMs: ((n * 37) % count) * 2 * second,
      afterMs: minute + ((n * 61) % count) * 33 * second,
    };
  });
  const ids = await waitingTasks(world, count);
  const start = world.github.now();
  world.github.forgetRequests();
  await using _worker = await world.startWorker();
  await untilReady(world, ids, signal);
  if (world.github.now() > start + 60 * minute) throw new Error("that took more than an hour");
  const delays = await verdictDelays(world, ids);
  return { requests: countedOf(world).length, delays: delays.map((ms) => ms / second) };
}

function numberOf(branch: string): number {
  return Number(branch.split("-")[1]);
}

function countedOf({ github }: GitHubWorld) {
  return github.requests().filter((request) => request.counted);
}

function most(
  what: string,
  unit: Finding["unit"],
  measured: number[],
  target: { of: "median" | "p99"; atMost: number },
): Finding {
  return {
    what,
    unit,
    rounds: [{ measured, baseline: [] }],
    baseline: null,
    target: { is: "most", ...target },
  };
}
