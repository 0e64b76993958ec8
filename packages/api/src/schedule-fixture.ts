import { EnqueuedTickets, evolve, type TaskEvent, type TaskState } from "@ampx/core";
import { type Claim, thisProcess } from "@ampx/store";
import { able, type ApiUnderTest } from "./fixture.ts";

export const sha = "a".repeat(40);

/** What happens until an agent works, from a moment on. */
export function toTurn(at: number, locks?: string[]): TaskEvent[] {
  return [
    { type: "started", at, ...(locks !== undefined && { locks }) },
    { type: "prepared", at, worktree: "/w", base: sha, head: sha },
    { type: "turn_started", at, resumed: false },
  ];
}

/** Enqueues tickets of `/repos/app` and gives the ids of their tasks. */
export async function enqueued(
  { send }: ApiUnderTest,
  tickets: { id: string; [field: string]: unknown }[],
): Promise<string[]> {
  const answer = await send("POST", "/tickets", {
    body: {
      repo: "/repos/app",
      tickets: tickets.map((ticket) => ({ title: ticket.id, description: "Do it", ...ticket })),
    },
  });
  if (answer.status !== 200) throw new Error(`not enqueued: ${answer.text}`);
  return EnqueuedTickets.parse(JSON.parse(answer.text)).tickets.map(({ id }) => id);
}

/** A worker takes the next task, with the locks of its ticket, and these things happen to it. */
export async function claimed(
  { store, deps }: ApiUnderTest,
  events: (locks: string[]) => TaskEvent[],
): Promise<Claim> {
  const claim = await store.claim({
    id: "w",
    holder: thisProcess(),
    slots: deps.schedule.slots,
    rules: deps.schedule.rules,
    leaseMs: 3_600_000,
    now: deps.now(),
  });
  if (claim === undefined) throw new Error("no task could be claimed");
  let { seq } = claim;
  let state: TaskState = claim.state;
  for (const event of events(claim.state.task.ticket?.locks ?? [])) {
    state = evolve(state, event);
    const result = await store.append(claim.lease, seq, event, state);
    if (result.is !== "appended") throw new Error(`${event.type}: ${result.is}`);
    seq = result.seq;
  }
  return { ...claim, state, seq };
}

/** A worker that lives tells of itself. */
export async function workerLives({ store, deps }: ApiUnderTest): Promise<void> {
  await store.reportWorker({
    id: "w",
    holder: thisProcess(),
    aliveAt: deps.now(),
    slots: deps.schedule.slots,
    agents: [{ name: "scripted", command: null, version: null, problems: [], can: able }],
  });
}
