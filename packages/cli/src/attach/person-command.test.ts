import { chmod, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerStatus } from "@ampx/core";
import { expect, test } from "vitest";
import { openCommand } from "./open-command.ts";
import { personCommand } from "./person-command.ts";

const task = { agent: "claude", thread_id: "s-1" };

test("the agent's program is called by its name where the person's PATH means the same one, else by its path", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "attach-"));
  const program = join(folder.path, "claude");
  await writeFile(program, "#!/bin/sh\n");
  await chmod(program, 0o755);
  const status = statusWith({ name: "claude", command: program });
  const command = (PATH: string) =>
    personCommand(task, { status, env: { PATH, SHELL: "/bin/zsh" }, shell: false });

  expect(await command(folder.path)).toEqual(["claude", "--resume", "s-1"]);
  expect(await command("/nowhere")).toEqual([program, "--resume", "s-1"]);
});

test("it is the person's shell where one is wanted, and for agents without a command of their own", async () => {
  const status = statusWith();
  const options = { status, env: { SHELL: "/bin/zsh" } };
  expect(await personCommand(task, { ...options, shell: true })).toEqual(["/bin/zsh"]);
  const other = { agent: "acp", thread_id: "s-1" };
  expect(await personCommand(other, { ...options, shell: false })).toEqual(["/bin/zsh"]);
  expect(await personCommand(other, { status, env: { SHELL: "" }, shell: false })).toEqual([
    "/bin/sh",
  ]);
});

test("a program that is not installed is told with what to do", async () => {
  await expect(openCommand(["ampx-no-such-program"], tmpdir())).rejects.toMatchObject({
    message: "ampx-no-such-program cannot be started: it is not installed",
    tryThis: "--shell, for a shell in the worktree",
  });
});

function statusWith(...agents: { name: string; command: string }[]): ServerStatus {
  const can = {
    resume: true,
    tokens: "live",
    cost: "live",
    permissions: false,
    steering: false,
  } as const;
  const worker = {
    id: "w",
    pid: 1,
    host: "box",
    alive_at: "2026-03-01T12:00:00.000Z",
    slots: 3,
    busy: 0,
    agents: agents.map((agent) => ({ ...agent, version: null, problems: [], can })),
  };
  return { workers: [worker] } as unknown as ServerStatus;
}
