import {
  type Held,
  type Limits,
  lockWish,
  type Progress,
  type Standing,
  type Waiting,
} from "@ampx/core";

/** `usual`: half of the dependencies are open, tickets come in the order in which they were enqueued. `hardest`: nothing is ruled out early. */
export type BacklogShape = "usual" | "hardest";

const tickets = 10_000;
const locks = 500;
const dependencies = 5_000;
const repos = 5;
const hour = 3_600_000;

export const backlogLimits: Limits = { places: 50, perRepo: 40, perAgent: 100, ageMs: 24 * hour };
/** When the decision about the backlog is made. */
export const backlogNow = 1_800_000_000_000;

/** 10,000 queued tickets with 500 locks in five repositories, and 5,000 dependencies. The same in every run. */
export function largeBacklog(shape: BacklogShape): Standing {
  const random = randomNumbers(shape === "usual" ? 1 : 2);
  const waiting: Waiting[] = [];
  const progress = new Map<string, Progress>();
  for (let n = 0; n < tickets; n++) {
    const after: string[] = [];
    if (n % (tickets / dependencies) === 0) {
      const other = id(tickets + random(tickets));
      progress.set(other, { is: shape === "usual" && random(2) === 0 ? "open" : "done" });
      after.push(other);
    }
    const wishes = shape === "hardest" ? 3 : random(4);
    waiting.push({
      id: id(n),
      priority: 1 + random(9),
      queuedAt: backlogNow - 14 * 24 * hour + n * 60_000,
      repo: `/srv/projects/repository-${random(repos)}`,
      agent: ["amp", "claude", "codex"][random(3)] ?? "amp",
      locks: Array.from({ length: wishes }, () =>
        lockWish(`${random(3) === 0 ? "read:" : ""}${lockName(random(locks / repos))}`),
      ),
      after,
    });
  }
  if (shape === "hardest") shuffle(waiting, random);
  // As from a database: nobody else has the same string object.
  return {
    waiting: JSON.parse(JSON.stringify(waiting)) as Waiting[],
    held: heldLocks(),
    progress,
    running: {
      byRepo: new Map(
        Array.from({ length: repos }, (_, n) => [`/srv/projects/repository-${n}`, 20]),
      ),
      byAgent: new Map([["amp", 40]]),
    },
    paused: { all: false, repos: new Set() },
  };
}

/** A fifth of all locks is held, of those every fifth by a task that rests. */
function heldLocks(): Held[] {
  return Array.from({ length: locks / 5 }, (_, n) => ({
    repo: `/srv/projects/repository-${n % repos}`,
    name: lockName(n),
    task: id(3 * tickets + n),
    shared: n % 3 === 0,
    since: backlogNow - n * 60_000,
    active: n % 5 !== 0,
  }));
}

function id(n: number): string {
  return `01K${String(n).padStart(23, "0")}`;
}

function lockName(n: number): string {
  return `area-${n}`;
}

function shuffle(tasks: Waiting[], random: (below: number) => number): void {
  for (const [at, task] of tasks.entries()) {
    const other = random(tasks.length);
    tasks[at] = tasks[other] ?? task;
    tasks[other] = task;
  }
}

/** Numbers below a bound that only look random (a linear congruential generator). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
