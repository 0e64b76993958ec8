import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { bubblewrapProblem, createAgent } from "@ampx/worker";
import { describe, expect, test } from "vitest";
import { setStage, texts } from "../../packages/worker/src/agents/agent-stage.ts";
import { makeRepository } from "../../packages/worker/src/git/fixture.ts";
import { taskOn } from "../../packages/worker/src/git/workspace-fixture.ts";
import { amp } from "./amp-world.ts";
import { claudeCode } from "./claude-code.ts";
import { codexCli } from "./codex-cli.ts";
import { gemini } from "./gemini.ts";
import { say, scripted } from "./model-script.ts";
import { opencode } from "./opencode.ts";
import type { RealAgent } from "./real-agent.ts";

const problem = await bubblewrapProblem(AbortSignal.timeout(20_000));
if (problem !== null) console.warn(`The sandbox is not tested: ${problem.what}`);

describe.skipIf(problem !== null)("in a sandbox", () => {
  test.each([
    { real: claudeCode, made: [".claude"] },
    { real: codexCli, made: [] },
    { real: opencode, made: [".cache", ".local"] },
    { real: gemini, made: [] },
    { real: amp, made: [".cache", ".local"] },
  ])("the real $real.name edits, commits and is taken up again", async ({ real, made }) => {
    await using set = await setUp(real);
    const before = await set.filesOfHome();
    const first = await set.turn(null);
    expect(first.outcome).toEqual({ is: "completed", said: "The moon it is." });
    expect(set.model.calls).toHaveLength(3);
    // Not in its way at all.
    expect(texts(first.events).filter((text) => text.startsWith("the sandbox"))).toEqual([]);

    const session = first.events.find(({ type }) => type === "session");
    if (session?.type === "session") {
      const second = await set.turn(session.id);
      expect(second.outcome).toEqual({ is: "completed", said: "Still the moon." });
      expect(set.model.calls.at(-1)?.turn).toBe(1);
    }
    expect((await set.commit()).files).toEqual(["a.txt"]);
    expect(await set.log()).toEqual(["By the agent", "First"]);
    // Its own files are new, and its settings as they were.
    expect(await set.filesOfHome()).toMatchObject(before);
    const folders = Object.keys(before).map((file) => file.split("/", 1).join(""));
    expect(await readdir(set.home)).toEqual([...new Set([...made, ...folders])].toSorted());
  });
});

const key = "the-agent-key-8841";

async function setUp(real: RealAgent) {
  await using made = new AsyncDisposableStack();
  const stage = made.use(await setStage());
  const repository = made.use(await makeRepository({ files: { "a.txt": "hello world\n" } }));
  const task = await taskOn(repository);
  const { signal } = new AbortController();
  const commit = real.run("git commit --quiet --all --message 'By the agent'");
  const turns = [
    [real.edit("a.txt", "world", "moon"), commit, say("The moon it is.")],
    [say("Still the moon.")],
  ];
  const model = made.use(await real.startModel({ answer: scripted(turns), key }));
  const home = join(stage.folder, "home");
  const settled = await real.settle({ home, url: model.url, key });
  const deps = stage.deps({
    [real.name]: { args: [], command: await real.install(), sandbox: "danger-full-access" },
  });
  const agent = createAgent(real.name, {
    ...deps,
    env: { ...deps.env, ...settled },
    sandbox: { home: repository.home, network: true, writable: [], readable: [home] },
  });
  const disposables = made.move();
  return {
    task,
    model,
    home,
    filesOfHome: () => filesIn(home),
    turn: async (session: string | null) => {
      await task.workspace.prepare(signal);
      return stage.run(agent, { cwd: task.path, session });
    },
    commit: () => task.workspace.commit({ subject: "Work", trailers: [] }, signal),
    log: async () =>
      (await repository.git(["--git-dir", task.copyDir, "log", "--format=%s", "amp/task-1"])).split(
        "\n",
      ),
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}

/** Texts by paths. */
async function filesIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const read = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [relative(folder, path), await readFile(path, "utf8")] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}
