import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAgent } from "@ampx/worker";
import { setStage, type Stage } from "../../packages/worker/src/agents/agent-stage.ts";
import type { Agent } from "../../packages/worker/src/ports.ts";
import type { Model } from "./model-script.ts";
import type { ModelServer } from "./model-server.ts";
import type { RealAgent } from "./real-agent.ts";

export interface RealStage extends AsyncDisposable {
  stage: Stage;
  agent: Agent;
  model: ModelServer;
}

/** A real agent on a stage of its own, with a model that answers so. */
export async function setRealStage(real: RealAgent, answer: Model): Promise<RealStage> {
  await using made = new AsyncDisposableStack();
  const key = "the-agent-key-8841";
  const stage = made.use(await setStage());
  const model = made.use(await real.startModel({ answer, key }));
  await writeFile(join(stage.cwd, "a.txt"), "hello\n");
  const settled = await real.settle({ home: join(stage.folder, "home"), url: model.url, key });
  const sandbox = real.name === "codex" ? { sandbox: "danger-full-access" } : {};
  const config = { command: await real.install(), args: [], ...sandbox };
  const deps = stage.deps({ [real.name]: config });
  const env = { ...deps.env, ...settled };
  const agent = createAgent(real.name, { ...deps, env, graceMs: 3_000 });
  const disposables = made.move();
  return { stage, agent, model, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}
