import { thisProcess } from "../../holder.ts";
/** A process that works on a store for the contract suite: `main.ts <file> <verb> [args]`; says its result as JSON. */
import { openStore } from "../../open-store.ts";
import type { Store } from "../../store.ts";
import { abortRequested, hour, never, neverRefuse, start, taskId, worker } from "../fixtures.ts";

const verbs: Record<string, (store: Store, ...args: string[]) => Promise<unknown>> = {
  open: async () => "opened",

  /** Claims and releases until nothing is due; says which tasks it had. */
  async claimAll(store, id) {
    const had: string[] = [];
    for (;;) {
      const claim = await store.claim(worker({ id, slots: 1_000 }));
      if (claim === undefined) return had;
      had.push(claim.lease.taskId);
      await store.release(claim.lease, claim.seq, {
        wakeAt: start + hour,
        reason: "nothing",
        faults: 0,
        now: 0,
      });
    }
  },

  /** Claims as long as a task has its turn; says which. */
  async claimTurns(store, id) {
    const had: string[] = [];
    for (;;) {
      const claim = await store.claim(worker({ id, slots: 1_000 }));
      if (claim === undefined) return had;
      had.push(claim.lease.taskId);
    }
  },

  /** Reads a task's state and writes it, again and again, each time in one transaction. */
  async request(store, task, times) {
    for (let n = 0; n < Number(times); n += 1)
      await store.request(task ?? "", abortRequested(`child ${n}`), neverRefuse);
    return "done";
  },

  /** Reads events as they come until it has so many; says their ids. */
  async tail(store, count) {
    const ids: number[] = [];
    console.log("tailing");
    const watch = store.watch();
    while (ids.length < Number(count)) {
      const events = await store.eventsAfter(ids.at(-1) ?? 0, { limit: 7 });
      if (events.length === 0) await watch.next(never);
      ids.push(...events.map((event) => event.id));
    }
    return ids;
  },

  /** Claims a task for an hour and never ends. */
  async hold(store) {
    const claim = await store.claim(
      worker({ id: "holder", holder: thisProcess(), leaseMs: 3_600_000 }),
    );
    console.log(JSON.stringify(claim?.lease));
    return new Promise(() => setInterval(() => {}, 1_000));
  },

  async write(store, task) {
    await store.request(task ?? taskId(1), abortRequested(), neverRefuse);
    return "written";
  },
};

const [file = "", verb = "", ...args] = process.argv.slice(2);
await using store = await openStore({ file, redact: (text) => text });
console.log(JSON.stringify(await verbs[verb]?.(store, ...args)));
