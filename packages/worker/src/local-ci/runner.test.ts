import { existsSync, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { readProcessLock } from "@ampx/store";
import { describe, expect, test } from "vitest";
import { markedProcesses } from "../process-tree.ts";
import { counted, exitOf, makeProject, patiently, remainsOf } from "./fixture.ts";

describe("the runner as a process", () => {
  test("ends with 0 for PASS and says what became of the commit, with 1 for what is no commit", async () => {
    await using project = await makeProject({ beside: "exit 0" });
    const sha = await project.work();
    const passed = project.start(sha);
    const [said] = await Promise.all([textOf(passed.stdout!), exitOf(passed)]);
    expect(said).toMatch(new RegExp(`^PASS ${sha} in [\\d.]+ s; log: `));
    expect(passed.exitCode).toBe(0);
    expect(await exitOf(project.start("main")), "a branch is no commit").toBe(1);
  });

  test("of several that start at once for one commit, one runs ci.sh", async () => {
    await using project = await makeProject({ beside: counted("sleep 0.5") });
    const sha = await project.work();
    const runners = [
      project.start(sha),
      project.start(sha),
      project.start(sha),
      project.start(sha),
    ];
    expect(await Promise.all(runners.map(exitOf))).toEqual([0, 0, 0, 0]);
    expect(await project.runs()).toEqual([sha]);
    expect(await project.status(sha)).toMatchObject({ status: "PASS" });
    expect(await remainsOf(project, sha)).toEqual([]);
  });

  test("that is killed is taken over from: what it left is ended first, and there is one verdict", async () => {
    await using project = await makeProject({
      // The first run hangs; the second one looks whether it meets a process of the first. A zombie is none.
      beside: counted(
        'if [ $(wc -l < "$root/runs") = 1 ]; then setsid sleep 600 & echo $! > "$root/left"; sleep 601; fi',
        'grep -s "^State:[^Z]*$" "/proc/$(cat "$root/left")/status" || exit 5',
      ),
    });
    const sha = await project.work();
    const { scriptMark, lock, status } = project.paths(sha);
    const first = project.start(sha);
    await expect.poll(() => project.runs(), patiently).toEqual([sha]);
    await expect
      .poll(async () => (await markedProcesses(scriptMark)).length, patiently)
      .toBeGreaterThanOrEqual(3);
    first.kill("SIGKILL");
    await exitOf(first);
    expect(await readProcessLock(lock)).toBeNull();
    expect((await markedProcesses(scriptMark)).length).toBeGreaterThanOrEqual(3);
    expect(existsSync(status)).toBe(false);

    const second = [project.start(sha), project.start(sha)];
    await Promise.all(second.map(exitOf));
    expect(await project.runs()).toEqual([sha, sha]);
    expect(await project.status(sha)).toMatchObject({ status: "FAIL", exit_code: 5 });
    expect(await remainsOf(project, sha)).toEqual([]);
  });

  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "that gets %s ends its script, gives no verdict and frees the lock",
    async (signal) => {
      await using project = await makeProject({ beside: counted("sleep 600") });
      const sha = await project.work();
      const runner = project.start(sha);
      await expect.poll(() => project.runs(), patiently).toEqual([sha]);
      runner.kill(signal);
      expect(await exitOf(runner)).toBe(1);
      expect(existsSync(project.paths(sha).status)).toBe(false);
      expect(await remainsOf(project, sha)).toEqual([]);
    },
  );

  test("keeps its memory bounded while ci.sh prints 200 MB, and keeps all of it", async () => {
    await using project = await makeProject({
      beside:
        "yes 'a line of the output of some test, as long as lines are in the middle: 79 characters' | head -c 200000000; echo; echo last",
    });
    const sha = await project.work();
    const runner = project.start(sha);
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, peakMemory(runner.pid!));
    }, 100);
    expect(await exitOf(runner)).toBe(0);
    clearInterval(watch);
    expect((await stat(project.paths(sha).log)).size).toBe(200_000_006);
    const { output } = await project.status(sha);
    expect(output).toMatch(/^a line of the output.*\nlast\n$/s);
    expect(Buffer.byteLength(output)).toBeLessThanOrEqual(65_536);
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(300_000_000);
  }, 120_000);
});

/** Bytes, of the moment when it was highest. */
function peakMemory(pid: number): number {
  try {
    return (
      Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024
    );
  } catch {
    // It has just ended.
    return 0;
  }
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}
