import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { TaskEvent } from "@ampx/core";
import type { WorkerDeps } from "@ampx/worker";

/** Told of each point that a worker passes, by name; what it does there is waited for. */
export type Reach = (point: string) => void | Promise<void>;

/**
 * A worker whose every append and every call of a port is a point to be killed at: `append <event>`, `request <event>` and `<port>.<verb>`, each
 * with `before` and `after`, `claim in turn after` and `agent.runTurn during` once the agent has said something. Derived from what is called, so a
 * new event or a new verb is a new point without anybody adding it.
 */
export function withCrashPoints(deps: WorkerDeps, reach: Reach): WorkerDeps {
  const tried = new WeakSet<TaskEvent>();
  return {
    ...deps,
    store: new Proxy(deps.store, {
      get(store, key) {
        const claim: typeof store.claim = async (request) => {
          const claimed = await store.claim(request);
          // It holds its locks, and no event says so yet.
          if (claimed?.isItsTurn === true) await reach("claim in turn after");
          return claimed;
        };
        if (key === "claim") return claim;
        const request: typeof store.request = async (id, event, ...rest) => {
          await reach(`request ${event.type} before`);
          const result = await store.request(id, event, ...rest);
          if (result.is === "appended") await reach(`request ${event.type} after`);
          return result;
        };
        if (key === "request") return request;
        if (key !== "append") {
          const value: unknown = Reflect.get(store, key, store);
          return typeof value === "function" ? value.bind(store) : value;
        }
        const append: typeof store.append = async (lease, seq, event, state) => {
          // Where a person's request came in between it is tried again, which is no other point: how often depends on who was faster.
          if (!tried.has(event)) await reach(`append ${event.type} before`);
          tried.add(event);
          const result = await store.append(lease, seq, event, state);
          if (result.is === "appended") await reach(`append ${event.type} after`);
          return result;
        };
        return append;
      },
    }),
    async portsFor(state, mark) {
      const ports = await deps.portsFor(state, mark);
      const { agent } = ports;
      const runTurn: typeof agent.runTurn = (turn, emit, signal) => {
        const said = (event: Parameters<typeof emit>[0]) => {
          emit(event);
          if (event.type === "text") void reach("agent.runTurn during");
        };
        return agent.runTurn(turn, said, signal);
      };
      return {
        ...ports,
        agent: around("agent", { ...agent, probe: agent.probe.bind(agent), runTurn }, reach),
        workspace: around("workspace", ports.workspace, reach),
        ci: around("ci", ports.ci, reach),
        forge: around("forge", ports.forge, reach),
        preflight: ports.preflight && around("preflight", ports.preflight, reach),
      };
    },
  };
}

/** Kills this process, uncleanly, at the `nth` time that it reaches `point`. */
export function killAt(point: string, nth: number): Reach {
  let times = 0;
  return (reached) => {
    if (reached !== point || ++times < nth) return;
    process.kill(process.pid, "SIGKILL");
    // Nothing more may happen while the signal is on its way.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
}

/** Waits at the first time that `point` is reached until `file` is there; that it waits is told by `<file>.reached`. */
export function holdAt(point: string, file: string): Reach {
  return async (reached) => {
    if (reached !== point || existsSync(`${file}.reached`)) return;
    writeFileSync(`${file}.reached`, "");
    while (!existsSync(file)) await sleep(10);
  };
}

/** Writes each point to a file, one a line, before it is passed. */
export function traceTo(file: string): Reach {
  return (reached) => appendFileSync(file, `${reached}\n`);
}

function around<Port extends object>(name: string, port: Port, reach: Reach): Port {
  return new Proxy(port, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function" || typeof key !== "string") return value;
      return async (...args: unknown[]) => {
        await reach(`${name}.${key} before`);
        const result: unknown = await Reflect.apply(value, target, args);
        await reach(`${name}.${key} after`);
        return result;
      };
    },
  });
}
