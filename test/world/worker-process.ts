import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A worker in a process of its own, so that it can be killed. */
export interface WorkerProcess extends AsyncDisposable {
  child: ChildProcess;
  /** Resolves when the process is gone. */
  gone: Promise<unknown>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Resolves once it looks for tasks; rejects when it does not come to that. */
export async function startWorkerProcess(env: NodeJS.ProcessEnv): Promise<WorkerProcess> {
  const child = fork(join(import.meta.dirname, "worker-main.ts"), {
    env,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const gone = once(child, "exit");
  const isReady = await Promise.race([
    once(child, "message").then(() => true),
    gone.then(() => false),
  ]);
  if (!isReady) throw new Error("the worker ended before it was ready");
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await gone;
  };
  return { child, gone, kill, [Symbol.asyncDispose]: () => kill("SIGTERM") };
}
