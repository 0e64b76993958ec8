import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CreatedTask, TaskDetail, TaskList } from "@ampx/core";
import { claudeCode } from "../agents/claude-code.ts";
import { type Model, say } from "../agents/model-script.ts";
import { compare } from "./compare.ts";
import type { Figure } from "./figure.ts";
import type { Finding } from "./finding.ts";
import { makeRepository } from "./large-repository.ts";
import { canReadMemory, childrenOf, memoryOf } from "./memory.ts";
import { benchEnvironment, serveHome, type ServedHome } from "./served-home.ts";
import { waitUntil } from "./wait-until.ts";

const key = "the-agent-key-of-the-bench";
const running = 5;

/** What ampx adds to a turn of a real agent, whose model is scripted: the program comes from npm when it is first needed. */
export const agentTurn: Figure = {
  name: "agent-turn",
  async run(folder, signal) {
    const command = await claudeCode.install();
    await using model = await claudeCode.startModel({ answer, key });
    const home = join(folder, "user");
    await mkdir(home);
    const variables = await claudeCode.settle({ home, url: model.url, key });
    const repo = makeRepository(folder, 20);
    await using served = await serveHome(folder, signal, {
      config: { agent: "claude", agents: { claude: { command } }, slots: running },
      env: { ...variables, HOME: home },
    });
    const bare = { command, cwd: repo, env: { ...benchEnvironment(folder, home), ...variables } };
    const findings = [await overhead(served, { repo, bare }, signal)];
    if (canReadMemory) findings.push(await memoryOfWorker(served, repo, signal));
    return findings;
  },
};

/** Three calls of a tool, then the last word; or no answer at all. */
const answer: Model = ({ prompt, step }) => {
  if (prompt.includes("Wait.")) return "hang";
  return step < 3 ? claudeCode.run(`echo ${step}`) : say("It is fine as it is.");
};

async function overhead(
  served: ServedHome,
  { repo, bare }: { repo: string; bare: Bare },
  signal: AbortSignal,
): Promise<Finding> {
  let runs = 0;
  const measured = async () => {
    const body = { repo, prompt: `Look at it, ${runs++}.`, max_attempts: 1 };
    const { id } = JSON.parse(await served.api("POST", "/tasks", body)) as CreatedTask;
    await served.untilOver(id);
    const task = JSON.parse(await served.api("GET", `/tasks/${id}`)) as TaskDetail;
    const ms = task.history.find(({ type }) => type === "turn_ended")?.["ms"];
    if (typeof ms !== "number") throw new Error(`the turn of ${id} has not ended by itself`);
    return ms;
  };
  const baseline = async () => {
    signal.throwIfAborted();
    return runBare(bare, `Look at it, ${runs++}.`);
  };
  await baseline();
  await measured();
  return compare(
    {
      what: "one turn of Claude Code with four model calls, from its intent to its outcome",
      unit: "ms",
      baseline: "the same program and prompt, started by hand",
      target: { is: "ratio", of: "median", atMost: 1.1 },
    },
    9,
    { measured, baseline },
  );
}

interface Bare {
  command: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
}

async function runBare({ command, cwd, env }: Bare, prompt: string): Promise<number> {
  const args = ["--print", "--output-format", "stream-json", "--verbose"];
  args.push("--permission-mode", "bypassPermissions");
  const startedAt = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: { ...env, IS_SANDBOX: "1", CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" },
    stdio: ["pipe", "ignore", "inherit"],
  });
  child.stdin.end(prompt);
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`the program ended with ${code}`);
  return performance.now() - startedAt;
}

async function memoryOfWorker(
  served: ServedHome,
  repo: string,
  signal: AbortSignal,
): Promise<Finding> {
  const ids: string[] = [];
  for (let n = 0; n < running; n++) {
    const body = { repo, prompt: `Wait. ${n}`, max_attempts: 1 };
    ids.push((JSON.parse(await served.api("POST", "/tasks", body)) as CreatedTask).id);
  }
  const inTurn = async () => {
    const { tasks } = JSON.parse(await served.api("GET", "/tasks")) as TaskList;
    return tasks.filter(({ thread_id, status }) => thread_id !== null && status === "running");
  };
  await waitUntil("five turns", async () => (await inTurn()).length === running, signal);
  await sleep(3_000, undefined, { signal });
  const worker = childrenOf(served.pid).find(({ commandLine }) => /worker-main/.test(commandLine));
  if (worker === undefined) throw new Error("there is no worker");
  const samples: number[] = [];
  for (let n = 0; n < 5; n++) {
    samples.push(memoryOf(worker.pid).rss);
    await sleep(500, undefined, { signal });
  }
  return {
    what: `the worker with ${running} running turns: resident`,
    unit: "MB",
    rounds: [{ measured: samples, baseline: [] }],
    baseline: null,
    target: { is: "most", of: "p99", atMost: 200 },
  };
}
