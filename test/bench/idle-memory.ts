import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Figure } from "./figure.ts";
import type { Finding, Round } from "./finding.ts";
import { canReadMemory, childrenOf, type Memory, memoryOf } from "./memory.ts";
import { serveHome } from "./served-home.ts";

/** After the first probe of the agents and a garbage collection or two. */
const settleMs = 5_000;

/** What a server that does nothing takes of a developer's machine. */
export const idleMemory: Figure = {
  name: "idle-memory",
  async run(folder, signal) {
    if (!canReadMemory) return [];
    const empty = await emptyProcesses(signal);
    const findings: Finding[] = [];
    // The second start finds the sources compiled, as every later one and a published package do.
    for (const start of ["first start of a clone", "any later start"]) {
      const samples = await idleServer(folder, signal);
      const what = `supervisor + api + worker, idle, ${start}`;
      const baseline = "three Node processes that do nothing";
      findings.push(
        {
          what: `${what}: resident`,
          unit: "MB",
          rounds: [round(samples, empty, ({ rss }) => rss)],
          baseline,
          target: { is: "most", of: "median", atMost: 320 },
        },
        {
          what: `${what}: proportional (PSS)`,
          unit: "MB",
          rounds: [round(samples, empty, ({ pss }) => pss)],
          baseline,
          target: null,
        },
      );
    }
    return findings;
  },
};

async function idleServer(folder: string, signal: AbortSignal): Promise<Memory[][]> {
  await using served = await serveHome(folder, signal);
  const samples: Memory[][] = [];
  for (let sample = 0; sample < 3; sample++) {
    await sleep(settleMs, undefined, { signal });
    const pids = [served.pid, ...childrenOf(served.pid).map(({ pid }) => pid)];
    if (pids.length !== 3) throw new Error(`${pids.length} processes instead of three`);
    samples.push(pids.map(memoryOf));
  }
  return samples;
}

async function emptyProcesses(signal: AbortSignal): Promise<Memory[]> {
  const children = [1, 2, 3].map(() =>
    spawn(process.execPath, ["-e", "console.log(); process.stdin.resume()"]),
  );
  try {
    await Promise.all(children.map((child) => once(child.stdout, "data", { signal })));
    return children.map(({ pid }) => memoryOf(pid ?? 0));
  } finally {
    for (const child of children) child.stdin.end();
    await Promise.all(children.map((child) => once(child, "exit")));
  }
}

function round(samples: Memory[][], empty: Memory[], field: (memory: Memory) => number): Round {
  const sum = (processes: Memory[]) =>
    processes.reduce((total, memory) => total + field(memory), 0);
  return { measured: samples.map(sum), baseline: [sum(empty)] };
}
