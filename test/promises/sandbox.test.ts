import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bubblewrapProblem, markedProcesses } from "@ampx/worker";
import { describe, expect, test } from "vitest";
import { waitFor } from "../world/wait-for.ts";
import { makeWorld } from "../world/world.ts";

const problem = await bubblewrapProblem(AbortSignal.timeout(20_000));
if (problem !== null) console.warn(`The sandbox is not tested: ${problem.what}`);

describe.skipIf(problem !== null)("with sandbox.mode bubblewrap", () => {
  test("a task goes from red to green and is merged, and no turn reaches what is not its own", async () => {
    await using world = await makeWorld({
      turns: [
        [
          { write: "answer", content: "41\n" },
          { run: "git commit --quiet --all --message 'By the agent'" },
          { run: 'echo 42 > "$(git rev-parse --git-common-dir)/config"' },
          { run: 'for file in ../../token ../../ampx.db; do [ -e "$file" ] && touch seen; done' },
          { run: "rm -rf ../../../project ~/.ampx-test; touch ~/.ampx-test" },
          { say: "I think it is 41." },
        ],
        [{ write: "answer", content: "42\n" }, { say: "It is 42." }],
      ],
    });
    await using _worker = await world.startWorker(sandboxed(world));
    const id = await world.createTask();
    const ready = await world.until(id, ({ state }) => state.phase.name === "ready");
    expect(ready.state.attempts.map(({ verdict }) => verdict)).toEqual(["failed", "passed"]);
    await world.request(id, { type: "merge_requested", at: Date.now(), by: "kim" });
    await world.until(id, ({ state }) => state.phase.name === "merged");
    expect(await world.git(["show", "main:answer"])).toBe("42");
    expect(await world.git(["ls-tree", "--name-only", "main"])).toBe("answer");
    expect(await world.git(["log", "--format=%s", "main"])).toContain("By the agent");
    const log = await readFile(join(world.home, "logs", id, "turn-1.log"), "utf8");
    expect(log.match(/Read-only file system/g)?.length).toBeGreaterThanOrEqual(2);
  });

  test("when its worker is killed in a turn, nothing of the turn is left", async () => {
    await using world = await makeWorld({
      turns: [
        [
          { run: "setsid sleep 3600 & setsid sh -c 'trap \"\" TERM; sleep 3601' & touch begun" },
          { hang: true },
        ],
      ],
    });
    const worker = await world.startWorker(sandboxed(world));
    const id = await world.createTask();
    const mark = `${world.home}:${id}`;
    await waitFor("the agent's tools", async () => (await markedProcesses(mark)).length >= 5);
    await worker.kill("SIGKILL");
    await waitFor("all to be gone", async () => (await markedProcesses(mark)).length === 0);
  });
});

/** The world lies among temporary files, which are hidden; so does the script of its agent. */
function sandboxed({ root }: { root: string }): NodeJS.ProcessEnv {
  const sandbox = { mode: "bubblewrap", readable: [root] };
  return { WORLD_CONFIG: JSON.stringify({ ci: { check_base: false }, sandbox }) };
}
