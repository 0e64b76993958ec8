import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { begin, evolve, isAtRest, type TaskId, type TaskState } from "@ampx/core";
import type { TaskRow } from "@ampx/store";
import { expect, test } from "vitest";
import { waitFor } from "../world/wait-for.ts";
import { makeWorld, type World } from "../world/world.ts";

// Abort, continue, merge and a person in the worktree meet each other and turns that end, at moments drawn by chance. AMPX_RACE_SEED repeats a draw.

const seed = Number(process.env["AMPX_RACE_SEED"] ?? Date.now() % 1_000_000);
const taskCount = 18;
const maxRequests = 4;
/** In this time nearly all tasks come from their start to their end. */
const spanMs = 12_000;

test(
  `tasks whose requests race (seed ${seed}) all come to a legal end, with every request answered`,
  { timeout: 150_000 },
  async () => {
    const random = randomFrom(seed);
    await using world = await makeWorld({
      // A file of its own for each task, so that all of them can be merged.
      turns: [
        [{ run: 'echo "$((41 + $(printf %s "$PWD" | tail -c 1) % 2))" > "answer-${PWD##*/}"' }],
        [{ run: 'echo 42 > "answer-${PWD##*/}"' }],
      ],
      ci: "! grep -Lx 42 answer-* | grep .",
      files: { "answer-0": "42\n" },
    });
    await world.startWorker({ AMPX_SLOTS: "4" });
    const ids: TaskId[] = [];
    for (let n = 0; n < taskCount; n++) ids.push(await world.createTask({ maxAttempts: 3 }));
    await Promise.all(
      ids.map(async (id) => {
        const moments = Array.from({ length: 1 + Math.floor(random() * maxRequests) }, () => ({
          at: random() * spanMs,
          type: kinds[Math.floor(random() * kinds.length)] ?? "abort",
        })).toSorted((a, b) => a.at - b.at);
        const from = performance.now();
        for (const { at, type } of moments) {
          // Drawn beforehand: this is the race, not a wait for something.
          await sleep(Math.max(0, at - (performance.now() - from)));
          await ask(world, id, type);
        }
      }),
    );
    const rows = await Promise.all(ids.map((id) => restOf(world, id)));

    const ends = new Map<string, number>();
    for (const { state } of rows) ends.set(state.phase.name, (ends.get(state.phase.name) ?? 0) + 1);
    // A draw in which nothing happens proves nothing.
    expect(ends.size, JSON.stringify([...ends])).toBeGreaterThan(1);
    for (const { id, state, seq } of rows) {
      expect(state.requests, id).toEqual({ abort: null, attach: null, merge: null, words: [] });
      expect(state.spent.attempts, id).toBeLessThanOrEqual(state.budget.maxAttempts);
      expect(state.attempts, id).toHaveLength(state.spent.attempts);
      expect(await folded(world, id, seq), id).toEqual(state);
      expect(await unanswered(world, id), `${id}: words without an answer`).toBe(0);
    }
    const isDone = ({ state }: TaskRow) => state.phase.name === "merged";
    const moves = await baseMoves(world);
    expect(moves).toHaveLength(rows.filter(isDone).length);
    for (const sha of moves) expect(await verdictOf(world, sha), sha).toBe("PASS");
    await waitFor("everything to be over", () => world.processes().length === 0);
  },
);

const kinds = ["abort", "continue", "continue", "interrupt", "merge", "merge", "attach"] as const;

async function ask(world: World, id: TaskId, kind: (typeof kinds)[number]): Promise<void> {
  const asked = () => ({ at: Date.now(), by: "kim" });
  switch (kind) {
    case "continue":
    case "interrupt": {
      const words = { text: "Look again.", allow: [], interrupt: kind === "interrupt" };
      return world.request(id, { type: "continue_requested", ...asked(), ...words });
    }
    case "attach":
      // A short visit.
      await world.request(id, { type: "attach_requested", ...asked() });
      await sleep(300);
      return world.request(id, { type: "detach_requested", ...asked() });
    case "abort":
    case "merge":
      return world.request(id, { type: `${kind}_requested`, ...asked() });
  }
}

/** Longer than `until` waits: merges into one branch go one after the other. */
async function restOf(world: World, id: TaskId): Promise<TaskRow> {
  for (;;) {
    const row = await world.until(id, () => true);
    const { abort, merge, words } = row.state.requests;
    const isAnswered = abort === null && merge === null && words.length === 0;
    if (isAtRest(row.state) && isAnswered && row.leaseHolder === null) return row;
    const { seq } = row;
    await world.until(id, (now) => now.seq > seq || now.leaseHolder === null);
    await sleep(50);
  }
}

async function folded(world: World, id: TaskId, seq: number): Promise<TaskState> {
  const [first, ...rest] = await world.store.newestEvents(id, 1_000);
  if (first?.event.type !== "task_created") throw new Error("the log has no beginning");
  expect(rest.map((event) => event.seq)).toEqual(rest.map((_, n) => n + 2));
  expect(rest.length + 1).toBe(seq);
  return rest.reduce((state, { event }) => evolve(state, event), begin(first.event));
}

/** How many words were neither given to the agent, nor refused, nor followed by a wish to end. */
async function unanswered(world: World, id: TaskId): Promise<number> {
  let open: { at: number }[] = [];
  let abortedAt = 0;
  for (const { event } of await world.store.newestEvents(id, 1_000)) {
    if (event.type === "continue_requested") open.push(event);
    if (event.type === "continued") {
      expect(event.words, `${id}: all words so far`).toHaveLength(open.length);
      open = [];
    }
    if (event.type === "words_passed") open = open.slice(event.count);
    if (event.type === "abort_requested") abortedAt = event.at;
    if (event.type === "aborted") open = open.filter(({ at }) => at > abortedAt);
    if (event.type === "request_refused" && event.request === "continue") open = [];
  }
  return open.length;
}

/** What the base was moved to, the first commit left out. */
async function baseMoves(world: World): Promise<string[]> {
  const log = await world.git(["reflog", "show", "--format=%H", "refs/heads/main"]);
  return log.split("\n").slice(0, -1);
}

async function verdictOf(world: World, sha: string): Promise<unknown> {
  const file = join(world.root, "project/ci-status", `${sha}.json`);
  return (JSON.parse(await readFile(file, "utf8")) as { status: string }).status;
}

/** Mulberry32: small, and the same everywhere. */
function randomFrom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
