import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { CiVerdict, Sha } from "@ampx/core";
import type { Ci } from "@ampx/worker";
import { describe, expect, test } from "vitest";

/** A repository whose CI is green when `answer` holds 42, prints `the answer is …` when it does not, and never ends when it holds `slow`. */
export interface CiWorld extends AsyncDisposable {
  ci: Ci;
  /** Pushes a commit with this answer to the task's branch. */
  push(answer: string): Promise<Sha>;
  /** How often CI has judged a commit, or begun to. */
  timesJudged(sha: Sha): Promise<number>;
}

const { signal } = new AbortController();

/** What every CI keeps, whoever judges. `without`: a repository that has none. */
export function ciContract(
  name: string,
  make: (options: { without: boolean }) => Promise<CiWorld>,
): void {
  describe(`${name} as a judge of commits`, () => {
    test("judges a commit once, however often it is asked, and stays with its verdict", async () => {
      await using world = await make({ without: false });
      const sha = await world.push("42");
      const verdict = await verdictOf(world.ci, sha);
      expect(verdict.is).toBe("passed");
      expect(await world.ci.verdict(sha, signal)).toEqual(verdict);
      expect(await world.timesJudged(sha)).toBe(1);
      expect(await world.ci.failures(sha, signal)).toEqual([]);
    });

    test("a red names its jobs, and has the log of each", async () => {
      await using world = await make({ without: false });
      const sha = await world.push("41");
      const verdict = await verdictOf(world.ci, sha);
      if (verdict.is !== "failed") throw new Error(JSON.stringify(verdict));
      const failures = await world.ci.failures(sha, signal);
      expect(failures.map(({ job }) => job)).toEqual(verdict.jobs);
      expect(await readFile(failures[0]?.file ?? "", "utf8")).toContain("the answer is 41");
      await world.ci.forgetFailures?.(sha);
      const [again] = await world.ci.failures(sha, signal);
      expect(await readFile(again?.file ?? "", "utf8")).toContain("the answer is 41");
    });

    test("each commit has a verdict of its own", async () => {
      await using world = await make({ without: false });
      const red = await world.push("41");
      expect((await verdictOf(world.ci, red)).is).toBe("failed");
      const green = await world.push("42");
      expect((await verdictOf(world.ci, green)).is).toBe("passed");
      expect((await world.ci.verdict(red, signal)).is).toBe("failed");
    });

    test("a red is judged anew when asked; a green, and what is being judged, is left alone", async () => {
      await using world = await make({ without: false });
      const red = await world.push("41");
      await verdictOf(world.ci, red);
      // Who judged it may still tidy up, and until then it is left alone.
      const judgedAgain = async () => {
        await world.ci.rerun(red, signal);
        return world.timesJudged(red);
      };
      await expect.poll(judgedAgain, { timeout: 20_000, interval: 100 }).toBe(2);
      expect((await verdictOf(world.ci, red)).is).toBe("failed");
      const green = await world.push("42");
      await verdictOf(world.ci, green);
      await world.ci.rerun(green, signal);
      expect((await verdictOf(world.ci, green)).is).toBe("passed");
      expect(await world.timesJudged(green)).toBe(1);
      const slow = await world.push("slow");
      await beginsToRun(world, slow);
      await world.ci.rerun(slow, signal);
      expect((await world.ci.verdict(slow, signal)).is).toBe("running");
      expect(await world.timesJudged(slow)).toBe(1);
      await world.ci.cancel(slow);
    });

    test("what is cancelled is neither green nor red", async () => {
      await using world = await make({ without: false });
      const sha = await world.push("slow");
      await beginsToRun(world, sha);
      await world.ci.cancel(sha);
      await expect.poll(() => world.timesJudged(sha), { timeout: 20_000 }).toBe(1);
      const verdict = await world.ci.verdict(sha, signal);
      expect(["errored", "running"]).toContain(verdict.is);
      await world.ci.cancel(sha);
    });

    test("cancelling what is judged, or was never pushed, does nothing", async () => {
      await using world = await make({ without: false });
      const sha = await world.push("42");
      await verdictOf(world.ci, sha);
      await world.ci.cancel(sha);
      await world.ci.cancel("0".repeat(39) + "1");
      expect((await world.ci.verdict(sha, signal)).is).toBe("passed");
    });

    test("where there is no CI, it says so with the reason, and is never green", async () => {
      await using world = await make({ without: true });
      const sha = await world.push("42");
      const verdict = await verdictOf(world.ci, sha);
      expect(verdict).toEqual({ is: "none", reason: expect.stringMatching(/\w+ \w+/) });
    });

    test("an aborted question throws the reason", async () => {
      await using world = await make({ without: false });
      const sha = await world.push("42");
      const aborted = AbortSignal.abort(new Error("by a person"));
      await expect(
        world.ci.failures(sha, aborted).then(() => world.ci.verdict(sha, aborted)),
      ).rejects.toThrow("by a person");
      await world.ci.cancel(sha);
    });
  });
}

async function beginsToRun(world: CiWorld, sha: Sha): Promise<void> {
  await world.ci.verdict(sha, signal);
  await expect.poll(() => world.timesJudged(sha), { timeout: 20_000, interval: 20 }).toBe(1);
}

async function verdictOf(ci: Ci, sha: Sha): Promise<CiVerdict> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const verdict = await ci.verdict(sha, signal);
    if (verdict.is !== "running") return verdict;
    if (performance.now() > deadline) throw new Error(`no verdict: ${verdict.reason}`);
    await sleep(50);
  }
}
