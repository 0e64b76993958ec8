import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAgent } from "@ampx/worker";
import { expect } from "vitest";
import { setStage, type Stage } from "../../packages/worker/src/agents/agent-stage.ts";
import type { Agent } from "../../packages/worker/src/ports.ts";
import { type Model, type ModelAnswer, scripted } from "./model-script.ts";
import type { ModelServer } from "./model-server.ts";
import type { RealAgent } from "./real-agent.ts";

/** A real agent on a stage of its own, where `a.txt` lies, with a model that plays a script. */
export interface ContractStage extends AsyncDisposable {
  stage: Stage;
  agent: Agent;
  /** Disposing of it early makes it a dead server. */
  model: ModelServer;
  /** A file of the worktree. */
  read(file: string): Promise<string>;
  untilThere(file: string): Promise<void>;
  untilCalled(): Promise<void>;
}

const key = "the-agent-key-8841";
const patience = { timeout: 60_000, interval: 50 };

/** `wrap`: shell commands that run before the agent, on its own standard output and error. */
export async function setContractStage(
  real: RealAgent,
  turns: (ModelAnswer | Model)[][],
  { wrap }: { wrap?: string } = {},
): Promise<ContractStage> {
  await using made = new AsyncDisposableStack();
  const stage = made.use(await setStage());
  const model = await real.startModel({ answer: scripted(turns), key });
  let isDown = false;
  const down = async () => {
    if (!isDown) await model[Symbol.asyncDispose]();
    isDown = true;
  };
  made.defer(down);
  await writeFile(join(stage.cwd, "a.txt"), "hello world\n");
  const home = join(stage.folder, "home");
  const settled = await real.settle({ home, url: model.url, key });
  const installed = await real.install();
  const command = wrap === undefined ? installed : await wrapped(stage.folder, installed, wrap);
  const deps = stage.deps({ [real.name]: configOf(real, command) });
  // Not among the names that a person may add: what the agent needs is let through by itself.
  const agent = createAgent(real.name, {
    ...deps,
    env: { ...deps.env, ...settled },
    graceMs: 3_000,
  });
  const disposables = made.move();
  const read = (file: string) => readFile(join(stage.cwd, file), "utf8");
  return {
    stage,
    agent,
    model: { ...model, [Symbol.asyncDispose]: down },
    read,
    untilThere: (file) => expect.poll(() => read(file).catch(() => ""), patience).not.toBe(""),
    untilCalled: () => expect.poll(() => model.calls.length, patience).toBeGreaterThan(0),
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}

/** The agent's part of ampx's configuration. */
export function configOf(real: RealAgent, command: string): object {
  if (real.config !== undefined) return real.config(command);
  const sandbox = real.name === "codex" ? { sandbox: "danger-full-access" } : {};
  return { command, args: [], ...sandbox };
}

async function wrapped(folder: string, command: string, before: string): Promise<string> {
  const path = join(folder, "wrapped");
  await writeFile(path, `#!/bin/sh\n${before}\nexec '${command}' "$@"\n`);
  await chmod(path, 0o755);
  return path;
}
