import { basename } from "node:path";
import type { ServerStatus, TaskDetail } from "@ampx/core";
import { attachCommand } from "@ampx/worker/agents/attach-command";
import { findCommand } from "@ampx/worker/agents/find-command";

/** The command line by which a person works in a task's worktree: the agent's own on its session, or a shell. */
export async function personCommand(
  task: Pick<TaskDetail, "agent" | "thread_id">,
  {
    status,
    env,
    shell,
  }: {
    status: ServerStatus;
    env: NodeJS.ProcessEnv;
    /** A shell is wanted. */
    shell: boolean;
  },
): Promise<string[]> {
  const program = await programOf(task.agent, status, env["PATH"]);
  const own = shell ? null : attachCommand(task.agent, program, task.thread_id);
  return own ?? [env["SHELL"] || "/bin/sh"];
}

/** The program that the worker uses; by its name alone where that means the same to the person. */
async function programOf(
  agent: string,
  { workers }: ServerStatus,
  path: string | undefined,
): Promise<string> {
  const agents = workers.flatMap((worker) => worker.agents);
  const file = agents.find(({ name }) => name === agent)?.command ?? agent;
  const name = basename(file);
  return (await findCommand(name, path)) === file ? name : file;
}
