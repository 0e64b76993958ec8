import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TaskDetail } from "@ampx/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isRunning } from "../left-processes.ts";
import { type Ended, initShop, type Person, person, until } from "./ampx.ts";

// A person takes the place of the agent: in a terminal, without one, and when the terminal goes.

/** Runs a program in a terminal of its own, where util-linux has put it. */
const terminal = ["/usr/bin/script", "/bin/script"].find(
  (file) => process.platform === "linux" && existsSync(file),
);
let ada: Person;
/** Stands for what a person does in the worktree. */
let shell: string;

beforeAll(async () => {
  ada = await person({ AMPX_AGENT: "scripted", AMPX_SLOTS: "1" });
  const script = join(ada.folder, "script.yaml");
  await writeFile(
    script,
    JSON.stringify({
      // Waits for what a person writes, however often it is interrupted.
      turns: [[{ run: "test -e answer || sleep 600" }, { say: "Done." }]],
      cases: [
        {
          when: "Deaf",
          turns: [
            [
              { write: "deaf", content: "" },
              { hang: true, deaf: true },
            ],
          ],
        },
      ],
    }),
  );
  ada.env["AMPX_AGENTS_SCRIPTED_SCRIPT"] = script;
  shell = join(ada.folder, "my shell");
  ada.env["SHELL"] = shell;
  await initShop(ada);
});
afterAll(() => ada[Symbol.asyncDispose]());

describe("attach", { timeout: 90_000 }, () => {
  test("without a terminal it ends the turn, holds the task and prints where to go, until --leave", async () => {
    const id = await startTask("Answer");
    const attached = await ada.ampx(["attach", id]);
    expect(attached).toMatchObject({ code: 0 });
    expect(attached.stderr).toMatch(/^(Waiting: .* \(Ctrl-C gives up\)\n)?$/);
    const { worktree } = await show(id);
    expect(attached.stdout).toBe(
      `✓ ${id} is held for you until ampx attach ${id} --leave\n  cd ${worktree}\n  '${shell}'\n`,
    );
    const held = await until("it is held", async () => {
      const task = await show(id);
      return task.waiting_for === null ? undefined : task;
    });
    expect(held).toMatchObject({
      phase: "coding",
      phase_facts: { turn: null },
      requests: ["attach"],
    });
    expect(held.waiting_for).toBe(`${held.attached_by}, who works in the worktree`);
    expect((await ada.ampx(["show", id])).stdout).toMatch(/^ {2}attached {3}\S+$/m);
    const waits = await ada.ampx(["continue", id, "-m", "It is 42"]);
    expect(waits.stdout).toContain(`goes on when ${held.attached_by} has left the worktree`);

    // What the person leaves in the worktree is what the agent goes on with.
    await writeFile(join(worktree!, "answer"), "42\n");
    const left = await ada.ampx(["attach", id, "--leave"]);
    expect(left.stdout).toContain(`✓ ${id} is given back: its agent goes on`);
    expect(await ada.ampx(["logs", "-f", id])).toMatchObject({ code: 0 });
    expect(await show(id)).toMatchObject({ status: "success", attached_by: null, attempts: 1 });
    expect(await ada.ampx(["attach", id, "--leave"])).toMatchObject({ code: 0 });
  });

  test.runIf(terminal !== undefined)(
    "in a terminal it opens there, and gives the task back at the end",
    async () => {
      const id = await startTask("Answer");
      await writeShell("pwd > seen; echo 42 > answer; exit 3");
      const { code, output } = await inTerminal(["attach", id, "--shell"]).ended;
      expect(code).toBe(0);
      const { worktree } = await show(id);
      expect(output).toContain(`${id} is held for you until this ends: '${shell}'`);
      expect(output).toContain(`${id} is given back`);
      expect((await readFile(join(worktree!, "seen"), "utf8")).trim()).toBe(worktree);
      expect(await ada.ampx(["logs", "-f", id])).toMatchObject({ code: 0 });
      expect(await show(id)).toMatchObject({ status: "success", attached_by: null });
    },
  );

  test.runIf(terminal !== undefined).each(["SIGHUP", "SIGTERM"] as const)(
    "on %s it ends what it has opened, and gives the task back",
    async (signal) => {
      const id = await startTask("Answer");
      const pids = join(ada.folder, `pids-${signal}`);
      await writeShell(`echo $PPID $$ > '${pids}.new'; mv '${pids}.new' '${pids}'; exec sleep 600`);
      const opening = inTerminal(["attach", id, "--shell"]);
      const [ampx = 0, opened = 0] = await until("it is open", () =>
        readFile(pids, "utf8").then(
          (text) => text.split(" ").map(Number),
          () => undefined,
        ),
      );
      process.kill(ampx, signal);
      await opening.ended;
      expect(isRunning(opened)).toBe(false);
      expect(await show(id)).toMatchObject({ attached_by: null });
      await ada.ampx(["abort", id]);
    },
  );

  test("Ctrl-C while the turn is still being ended gives up, and gives the task back", async () => {
    const id = await startTask("Deaf");
    const { worktree } = await show(id);
    await until("it is deaf", () => existsSync(join(worktree!, "deaf")) || undefined);
    const attaching = ada.start(["attach", id]);
    await until("it waits", seen(attaching.stderr, /Waiting: the agent's turn is being ended/));
    attaching.kill("SIGINT");
    expect((await once(attaching, "exit"))[0]).toBe(130);
    expect(await show(id)).toMatchObject({ attached_by: null });
    await ada.ampx(["abort", id]);
  });

  test("a task that has no worktree is refused, and stays as it is", async () => {
    const first = await startTask("Answer");
    const { short_id: queued } = json(
      await ada.ampx(["start", "--repo", "shop", "--task", "Later", "--json"]),
    ) as { short_id: string };
    expect(await ada.ampx(["attach", queued])).toEqual({
      code: 5,
      stdout: "",
      stderr: `✗ ${queued} has no worktree yet\n  try: ampx logs -f ${queued} tells when it has\n`,
    });
    expect(await show(queued)).toMatchObject({ status: "queued", attached_by: null });
    for (const id of [queued, first]) await ada.ampx(["abort", id]);
  });
});

/** A task whose first turn runs. */
async function startTask(text: string): Promise<string> {
  const started = await ada.ampx(["start", "--repo", "shop", "--task", text, "--json"]);
  const { short_id: id } = json(started) as { short_id: string };
  await until("its session is open", async () => {
    const { phase_facts: phase, thread_id: session } = await show(id);
    return (phase.name === "coding" && phase.turn !== null && session !== null) || undefined;
  });
  return id;
}

/** As the API tells it: to start the command line for each look would take most of the time. */
async function show(id: string): Promise<TaskDetail> {
  const server = await readFile(join(ada.home, "run/server.json"), "utf8");
  const token = await readFile(join(ada.home, "token"), "utf8");
  const answer = await fetch(new URL(`/tasks/${id}`, (JSON.parse(server) as { url: string }).url), {
    headers: { authorization: `Bearer ${token.trim()}` },
  });
  return (await answer.json()) as TaskDetail;
}

async function writeShell(line: string): Promise<void> {
  await writeFile(shell, `#!/bin/sh\n${line}\n`);
  await chmod(shell, 0o755);
}

/** Runs `ampx` in a terminal of its own. */
function inTerminal(args: string[]): { ended: Promise<{ code: number | null; output: string }> } {
  const bin = join(import.meta.dirname, "../../packages/cli/bin/ampx.js");
  const line = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(" ");
  // It runs the line by $SHELL, which is not what is meant here.
  const env = { ...ada.env, SHELL: "/bin/sh", PERSON_SHELL: shell, NO_COLOR: "1" };
  const child = spawn(terminal ?? "", ["-qfec", `SHELL="$PERSON_SHELL" ${line}`, "/dev/null"], {
    cwd: ada.folder,
    env,
  });
  return { ended: endOf(child) };
}

async function endOf(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  child.stdout?.on("data", (part: Buffer) => (output += part));
  const [code] = (await once(child, "exit")) as [number | null];
  return { code, output };
}

function seen(stream: NodeJS.ReadableStream | null, words: RegExp): () => true | undefined {
  let text = "";
  stream?.on("data", (part: Buffer) => (text += part));
  return () => words.test(text) || undefined;
}

function json({ stdout }: Ended): unknown {
  return JSON.parse(stdout);
}
