import { stat } from "node:fs/promises";
import type { TaskDetail } from "@ampx/core";
import { UserError } from "@ampx/core/user-error";
import type { Client } from "../client.ts";
import { interruption } from "../interruption.ts";
import { freeWorktree } from "./free-worktree.ts";
import { openCommand } from "./open-command.ts";
import { personCommand } from "./person-command.ts";

export interface Attached {
  task: TaskDetail;
  worktree: string;
  /** What a person types there to go on with the agent. */
  command: string[];
}

export interface AttachOptions {
  /** Who attaches. */
  by: string;
  env: NodeJS.ProcessEnv;
  /** A shell instead of the agent's own command. */
  shell: boolean;
  onWait(what: string): void;
}

/**
 * Takes a task's worktree for a person, once nothing works in it any more. On Ctrl-C, and when anything fails on the way, it is given
 * back. Throws a `UserError` for a task that has no worktree on this machine.
 */
export async function attach(
  client: Client,
  id: string,
  { by, env, shell, onWait }: AttachOptions,
): Promise<Attached> {
  using interrupted = interruption();
  const found = await client.readTask(id, interrupted.signal);
  await worktreeOf(found);
  await client.changeTask(found.id, { action: "attach", by });
  try {
    const task = await freeWorktree(client, found.id, onWait, interrupted.signal);
    const status = await client.status();
    return {
      task,
      worktree: await worktreeOf(task),
      command: await personCommand(task, { status, env, shell }),
    };
  } catch (error) {
    await detach(client, found, by);
    throw error;
  }
}

/** Opens the terminal on what `attach` has taken, and gives it back when the program ends, however it ends. */
export async function work(
  client: Client,
  { task, worktree, command }: Attached,
  by: string,
): Promise<TaskDetail> {
  try {
    await openCommand(command, worktree);
  } finally {
    await detach(client, task, by);
  }
  return client.readTask(task.id);
}

/** Gives the worktree back. Throws a `UserError` that says so when it is still held. */
export async function detach(
  client: Client,
  { id, short_id: shortId }: Pick<TaskDetail, "id" | "short_id">,
  by: string,
): Promise<void> {
  try {
    await client.changeTask(id, { action: "detach", by });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`The worktree of ${shortId} is still held for you: ${error.message}`, {
      kind: error.kind,
      tryThis: `ampx attach ${shortId} --leave`,
      cause: error,
    });
  }
}

async function worktreeOf({ worktree, short_id: id }: TaskDetail): Promise<string> {
  const isThere =
    worktree !== null &&
    (await stat(worktree).then(
      (found) => found.isDirectory(),
      // Swept away, or on another machine.
      () => false,
    ));
  if (isThere) return worktree;
  throw new UserError(
    worktree === null
      ? `${id} has no worktree yet`
      : `The worktree of ${id} is not there: ${worktree}`,
    {
      kind: "conflict",
      tryThis:
        worktree === null
          ? `ampx logs -f ${id} tells when it has`
          : `ampx continue ${id} -m "…" makes it anew`,
    },
  );
}
