import { join } from "node:path";
import { evolve, type TaskEvent } from "@ampx/core";
import { openStore, type Claim, type Store } from "@ampx/store";
import type { Figure } from "./figure.ts";
import type { Finding } from "./finding.ts";

const tasks = 200;

/** What one writer gets out of the store, each write on disk before it counts; told, not promised. */
export const storeSpeed: Figure = {
  name: "store-speed",
  async run(folder, signal) {
    await using store = await openStore({ file: join(folder, "store.db"), redact: (text) => text });
    const created = await rate(tasks, signal, (n) => create(store, n));
    const claims: Claim[] = [];
    const claimed = await rate(tasks, signal, async () => {
      const claim = await claimOne(store);
      claims.push(claim);
    });
    const appended = await rate(tasks, signal, async (n) => {
      const claim = claims[n];
      if (claim === undefined) throw new Error("a claim is missing");
      const event: TaskEvent = { type: "started", at: 2 };
      await store.append(claim.lease, claim.seq, event, evolve(claim.state, event));
    });
    return [
      told("tasks created", created),
      told("tasks claimed", claimed),
      told("events appended", appended),
    ];
  },
};

async function rate(
  count: number,
  signal: AbortSignal,
  deed: (n: number) => Promise<void>,
): Promise<number[]> {
  const rates: number[] = [];
  for (let n = 0; n < count; n++) {
    signal.throwIfAborted();
    const startedAt = performance.now();
    await deed(n);
    rates.push(1_000 / (performance.now() - startedAt));
  }
  return rates;
}

async function create(store: Store, n: number): Promise<void> {
  await store.createTask({
    type: "task_created",
    at: 1,
    task: {
      id: `01J${String(n).padStart(23, "0")}`,
      repo: "/srv/projects/shop/repo.git",
      base: "main",
      branch: `amp/task-${n}`,
      title: "Handle the empty basket in the checkout",
      prompt: "The checkout fails with an empty basket. Show the empty page instead, with a test.",
      agent: "command",
      createdBy: "ada",
      createdAt: 1,
    },
    budget: { maxAttempts: 5, maxAgentMs: 7_200_000, deadline: null },
  });
}

async function claimOne(store: Store): Promise<Claim> {
  const holder = { host: "bench", pid: 1, startedAt: "bench" };
  const claim = await store.claim({ id: "bench", holder, slots: tasks, leaseMs: 60_000, now: 1 });
  if (claim === undefined) throw new Error("nothing to claim");
  return claim;
}

function told(what: string, rates: number[]): Finding {
  return {
    what: `store: ${what} per second, one writer`,
    unit: "/s",
    rounds: [{ measured: rates, baseline: [] }],
    baseline: null,
    target: null,
  };
}
