import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { homePaths } from "@ampx/core";
import type { TaskRow } from "@ampx/store";
import { markedProcesses } from "@ampx/worker";
import { sweepWorktrees } from "@ampx/worker/git/index";
import { makeWorld } from "../world/world.ts";
import { ci, makeBacklog, script } from "./backlog.ts";
import { Chaos } from "./chaos.ts";
import { allTasks, doubleHolders, finalProblems } from "./checks.ts";
import { Random } from "./random.ts";

// A night of a team, pressed into minutes: `npm run soak -- [--tickets 200] [--minutes 10] [--seed <number>]`. Workers are killed and stopped, tasks
// aborted, taken up again and merged, locks taken away, everything paused. In the first half anything may happen, in the second nothing but merges. Exit
// code 1: something is unaccounted for, or it did not end in time.
const { values } = parseArgs({
  options: {
    tickets: { type: "string", default: "200" },
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const count = Number(values.tickets);
const limitMs = Number(values.minutes) * 60_000;
const begunAt = performance.now();
const elapsed = () => performance.now() - begunAt;
console.log(`${count} tickets, at most ${values.minutes} min, --seed ${values.seed}`);

await using world = await makeWorld({
  ...script,
  ci,
  config: { slots: 4, tickets: { overlaps: "ignore", hold_locks: "green" } },
});
const { store, home } = world;
const random = new Random(Number(values.seed));
const tickets = await makeBacklog(world, count, random);
const depended = new Set([...tickets.values()].flatMap(({ dependencies }) => dependencies));
/** What others wait for is merged; the rest may stay open. */
const isWanted = ({ id }: TaskRow) => depended.has(tickets.get(id)?.id ?? "");
const isDone = (row: TaskRow) =>
  row.state.locks.length === 0 &&
  (row.state.phase.name === "merged" || (row.state.phase.name === "ready" && !isWanted(row)));
const chaos = await Chaos.begin(world, random);
const problems: string[] = [];
let toldAt = 0;

for (;;) {
  const rows = await allTasks(store);
  problems.push(...doubleHolders(rows).map((lock) => `${lock} has two holders`));
  if (rows.every(isDone) || problems.length > 0 || elapsed() > limitMs) break;
  if (elapsed() - toldAt > 15_000) {
    toldAt = elapsed();
    console.log(`${Math.round(toldAt / 1_000)} s: ${summary(rows)}; ${words(chaos.deeds)}`);
  }
  await chaos.tend(rows, isWanted);
  if (elapsed() < limitMs * 0.4) await chaos.strike(rows);
  else await chaos.takeUpAgain(rows);
  await sleep(100);
}
await chaos.end();

problems.push(...(await finalProblems(store, tickets)));
for (const id of tickets.keys()) {
  const left = await markedProcesses(`${home}:${id}`);
  if (left.length > 0) problems.push(`${id} has left ${left.length} processes`);
}
await sweepWorktrees({
  home,
  keep: async () => "ended" as const,
  maxAgeMs: 0,
  maxBytes: 0,
  now: Date.now() + 60_000,
  signal: new AbortController().signal,
  credentials: async () => ({}),
});
const worktrees = await readdir(homePaths(home).worktrees, { recursive: false }).catch(() => []);
for (const name of worktrees)
  if (tickets.has(name))
    problems.push(`the worktree ${join(homePaths(home).worktrees, name)} is left`);

console.log(
  `${Math.round(elapsed() / 1_000)} s: ${summary(await allTasks(store))}; ${words(chaos.deeds)}`,
);
if (problems.length === 0) console.log("✓ every ticket is accounted for");
else {
  console.error([...new Set(problems)].slice(0, 50).join("\n"));
  process.exitCode = 1;
}

function summary(rows: Awaited<ReturnType<typeof allTasks>>): string {
  const counts = new Map<string, number>();
  for (const { state } of rows) {
    const { name } = state.phase;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return words(Object.fromEntries(counts));
}

function words(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, n]) => `${n} ${name}`)
    .join(", ");
}
