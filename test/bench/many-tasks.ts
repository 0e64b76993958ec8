import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CreatedTask, TaskList } from "@ampx/core";
import { compare } from "./compare.ts";
import type { Figure } from "./figure.ts";
import type { Finding } from "./finding.ts";
import { makeRepository } from "./large-repository.ts";
import { canReadMemory, childrenOf, memoryOf } from "./memory.ts";
import { serveHome, type ServedHome } from "./served-home.ts";
import { waitUntil } from "./wait-until.ts";

const slots = 3;
const agentMs = 2_000;
const ciMs = 10_000;

/** Many tasks at once with three slots: how long they take, and what the server needs for them. */
export const manyTasks: Figure = {
  name: "many-tasks",
  async run(folder, signal) {
    const findings = [await timeOf(join(folder, "time"), signal)];
    if (canReadMemory) findings.push(await memoryOfMany(join(folder, "memory"), signal));
    return findings;
  },
};

/** A home of its own, so that no earlier task stands about ready to be merged. */
async function serveFor(folder: string, signal: AbortSignal) {
  mkdirSync(folder);
  const repo = makeRepository(folder, 20);
  const ci = join(folder, "ci.sh");
  writeFileSync(ci, `#!/bin/sh\nsleep ${ciMs / 1_000}\n`);
  chmodSync(ci, 0o755);
  const agent = join(folder, "agent.sh");
  // Each writes a file of its own, as tasks do that were planned well.
  const work = 'branch=$(git branch --show-current)\necho work > "${branch#*/}.txt"\n';
  writeFileSync(agent, `sleep ${agentMs / 1_000}\n${work}`);
  const served = await serveHome(folder, signal, { agent: ["sh", agent], config: { slots } });
  return { served, repo };
}

async function timeOf(folder: string, signal: AbortSignal): Promise<Finding> {
  const count = 12;
  const idealMs = Math.ceil(count / slots) * agentMs + ciMs;
  mkdirSync(folder);
  let homes = 0;
  return await compare(
    {
      what: `${count} tasks of ${agentMs / 1_000} s agent and ${ciMs / 1_000} s CI, ${slots} slots: until all are green`,
      unit: "s",
      baseline: "the ideal",
      target: { is: "ratio", of: "median", atMost: 1.15 },
    },
    1,
    {
      measured: async () => {
        const { served, repo } = await serveFor(join(folder, String(homes++)), signal);
        await using _served = served;
        // The first task of a home makes the copy of the repository.
        await run(served, repo, 1, signal);
        return (await run(served, repo, count, signal)) / 1_000;
      },
      baseline: () => Promise.resolve(idealMs / 1_000),
    },
  );
}

async function memoryOfMany(folder: string, signal: AbortSignal): Promise<Finding> {
  const count = 50;
  const { served, repo } = await serveFor(folder, signal);
  await using _served = served;
  const samples: number[] = [];
  const over = new AbortController();
  const watched = (async () => {
    while (!over.signal.aborted) {
      samples.push(memoryOfServer(served));
      await sleep(500, undefined, { signal });
    }
  })();
  try {
    await run(served, repo, count, signal);
  } finally {
    over.abort();
    await watched;
  }
  return {
    what: `api + worker with ${count} tasks at once, ${slots} slots: resident`,
    unit: "MB",
    rounds: [{ measured: samples, baseline: [] }],
    baseline: null,
    target: { is: "most", of: "p99", atMost: 400 },
  };
}

function memoryOfServer({ pid }: ServedHome): number {
  const parts = childrenOf(pid);
  if (parts.length !== 2) throw new Error(`${parts.length} processes instead of api and worker`);
  return parts.reduce((sum, part) => sum + memoryOf(part.pid).rss, 0);
}

/** Makes so many tasks at once and returns the ms until the last of them is green. */
async function run(
  served: ServedHome,
  repo: string,
  count: number,
  signal: AbortSignal,
): Promise<number> {
  const startedAt = performance.now();
  const created = await Promise.all(
    Array.from({ length: count }, (_, n) =>
      served.api("POST", "/tasks", { repo, prompt: `Work, ${n}`, max_attempts: 1 }),
    ),
  );
  const ids = new Set(created.map((text) => (JSON.parse(text) as CreatedTask).id));
  const areGreen = async () => {
    signal.throwIfAborted();
    const list = JSON.parse(await served.api("GET", "/tasks?limit=100")) as TaskList;
    const own = list.tasks.filter(({ id }) => ids.has(id));
    const bad = own.find(({ status }) => ["needs_review", "error", "aborted"].includes(status));
    if (bad !== undefined) throw new Error(`task ${bad.id}: ${bad.summary}`);
    return own.filter(({ status }) => status === "success").length === count;
  };
  await waitUntil(`${count} green tasks`, areGreen, signal, 100);
  return performance.now() - startedAt;
}
