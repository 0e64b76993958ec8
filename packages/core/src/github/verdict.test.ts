import { describe, expect, test } from "vitest";
import type { CheckRun, CommitStatus, WorkflowRun } from "./rows.ts";
import { githubVerdict, type CommitRows } from "./verdict.ts";

const sha = "a".repeat(40);
const other = "b".repeat(40);
const since = 1_000_000;
const minute = 60_000;

function run(more: Partial<WorkflowRun> = {}): WorkflowRun {
  return {
    id: 1,
    workflowId: 7,
    name: "CI",
    path: ".github/workflows/ci.yml",
    event: "push",
    attempt: 1,
    headSha: sha,
    status: "completed",
    conclusion: "success",
    suiteId: 100,
    url: "https://github.test/run/1",
    createdAt: since,
    startedAt: since,
    updatedAt: since,
    ...more,
  };
}

function check(more: Partial<CheckRun> = {}): CheckRun {
  return {
    id: 11,
    name: "test",
    headSha: sha,
    status: "completed",
    conclusion: "success",
    suiteId: 100,
    appId: 15368,
    app: "github-actions",
    url: "https://github.test/check/11",
    createdAt: since,
    ...more,
  };
}

function status(more: Partial<CommitStatus> = {}): CommitStatus {
  return {
    context: "ci/other",
    sha,
    state: "success",
    url: "https://ci.test/1",
    createdAt: since,
    ...more,
  };
}

function rows(more: Partial<CommitRows> = {}): CommitRows {
  return {
    sha,
    now: since + 10 * minute,
    since,
    runs: [],
    checks: [],
    statuses: [],
    required: [],
    expected: [],
    vanished: [],
    supersededBy: null,
    failFast: false,
    firstRunMs: 90_000,
    settleMs: 20_000,
    ...more,
  };
}

describe("the conclusion of the only run", () => {
  test.each([
    ["success", "passed"],
    ["neutral", "passed"],
    ["skipped", "none"],
    ["failure", "failed"],
    ["timed_out", "failed"],
    ["startup_failure", "failed"],
    ["action_required", "blocked"],
    ["cancelled", "errored"],
    ["stale", "errored"],
    ["a_word_of_next_year", "errored"],
    [null, "errored"],
  ] as const)("%s is %s", (conclusion, is) => {
    expect(githubVerdict(rows({ runs: [run({ conclusion })] })).is).toBe(is);
    // The same of another app's check, which has no run.
    const foreign = check({ conclusion, suiteId: 500, app: "buildkite", appId: 9 });
    expect(githubVerdict(rows({ checks: [foreign] })).is).toBe(is);
  });

  test.each(["queued", "in_progress", "waiting", "requested", "pending", "word_of_next_year"])(
    "%s is running, whatever its conclusion says",
    (word) => {
      const verdict = githubVerdict(rows({ runs: [run({ status: word, conclusion: null })] }));
      expect(verdict.is).toBe("running");
    },
  );

  test.each([
    ["success", "passed"],
    ["failure", "failed"],
    ["error", "failed"],
    ["pending", "running"],
  ] as const)("the status %s is %s", (state, is) => {
    expect(githubVerdict(rows({ statuses: [status({ state })] })).is).toBe(is);
  });
});

describe("which rows belong to the commit", () => {
  test("those of another commit say nothing", () => {
    const foreign = {
      runs: [run({ headSha: other })],
      checks: [check({ headSha: other, suiteId: null })],
      statuses: [status({ sha: other })],
    };
    expect(githubVerdict(rows(foreign))).toEqual({ is: "unseen", overdue: true });
  });

  test("an abbreviated commit is a bug, not an unfiltered look", () => {
    expect(() => githubVerdict(rows({ sha: "abc1234" }))).toThrow(/full commit id/);
    expect(() => githubVerdict(rows({ sha: "" }))).toThrow(/full commit id/);
  });

  test("the newest attempt counts, by workflow and event", () => {
    const again = [
      run({ attempt: 1, conclusion: "failure" }),
      run({ attempt: 2, conclusion: "success" }),
    ];
    expect(githubVerdict(rows({ runs: again })).is).toBe("passed");
    const twoEvents = [
      run(),
      run({ id: 2, event: "pull_request", suiteId: 101, conclusion: "failure" }),
    ];
    expect(githubVerdict(rows({ runs: twoEvents })).is).toBe("failed");
  });

  test("the checks of a run that a newer one replaced are gone with it", () => {
    const runs = [run({ suiteId: 100, conclusion: "failure" }), run({ id: 2, suiteId: 101 })];
    const checks = [
      check({ conclusion: "failure", suiteId: 100 }),
      check({ id: 12, suiteId: 101 }),
    ];
    expect(githubVerdict(rows({ runs, checks })).is).toBe("passed");
    const required = [{ context: "test", appId: null }];
    expect(githubVerdict(rows({ runs, checks, required })).is).toBe("passed");
  });
});

describe("when CI is done", () => {
  const slow = run({
    id: 2,
    workflowId: 8,
    name: "Slow",
    suiteId: 102,
    status: "in_progress",
    conclusion: null,
  });

  test("one finished run is not all", () => {
    expect(githubVerdict(rows({ runs: [run(), slow] }))).toMatchObject({
      is: "running",
      reason: "Slow runs",
    });
  });

  test("a first red waits for the others, unless told to fail fast", () => {
    const runs = [run({ conclusion: "failure" }), slow];
    const verdict = githubVerdict(rows({ runs }));
    expect(verdict).toMatchObject({ is: "running", reason: "Slow runs; CI has failed" });
    expect(githubVerdict(rows({ runs, failFast: true })).is).toBe("failed");
  });

  test("a red names the jobs that failed, of that run alone", () => {
    const checks = [
      check({ name: "unit", conclusion: "failure" }),
      check({ id: 12, name: "lint" }),
      check({ id: 13, name: "e2e", conclusion: "timed_out" }),
      check({ id: 14, name: "may fail", conclusion: "failure", suiteId: 200 }),
    ];
    const runs = [run({ conclusion: "failure" }), run({ id: 2, workflowId: 8, suiteId: 200 })];
    expect(githubVerdict(rows({ runs, checks }))).toEqual({
      is: "failed",
      run: "https://github.test/run/1",
      jobs: ["unit", "e2e"],
    });
  });

  test("all skipped is not green, nor is skipped beside cancelled", () => {
    const skipped = run({ id: 2, workflowId: 8, conclusion: "skipped" });
    expect(githubVerdict(rows({ runs: [skipped] }))).toMatchObject({ is: "none" });
    expect(githubVerdict(rows({ runs: [skipped, run()] })).is).toBe("passed");
    expect(githubVerdict(rows({ runs: [skipped, run({ conclusion: "cancelled" })] })).is).toBe(
      "errored",
    );
  });

  test("what was cancelled for a newer push is named so, and nothing to re-run", () => {
    const verdict = githubVerdict(
      rows({ runs: [run({ conclusion: "cancelled" })], supersededBy: other }),
    );
    expect(verdict).toMatchObject({
      is: "moved",
      found: other,
      reason: "CI was cancelled: the branch is at bbbbbbbbbb by now",
    });
  });

  test("a red beside what waits for approval is red", () => {
    const runs = [
      run({ conclusion: "failure" }),
      run({ id: 2, workflowId: 8, conclusion: "action_required" }),
    ];
    expect(githubVerdict(rows({ runs })).is).toBe("failed");
  });
});

describe("the windows", () => {
  test("no row is never green: first it is waited for, then it is overdue", () => {
    expect(githubVerdict(rows({ now: since }))).toEqual({ is: "unseen", overdue: false });
    expect(githubVerdict(rows({ now: since + 89_999 }))).toEqual({ is: "unseen", overdue: false });
    expect(githubVerdict(rows({ now: since + 90_000 }))).toEqual({ is: "unseen", overdue: true });
  });

  test("green settles: another run may follow the newest one", () => {
    const late = run({ createdAt: since + 60_000 });
    const at = (ms: number) => githubVerdict(rows({ runs: [late], now: since + ms })).is;
    expect(at(79_999)).toBe("running");
    expect(at(80_000)).toBe("passed");
    // It is looked at again just then.
    const settling = githubVerdict(rows({ runs: [late], now: since + 65_000 }));
    expect(settling).toMatchObject({ lookAgainMs: 15_000 });
  });

  test("without a run of each workflow that is triggered it is never green", () => {
    const expected = [".github/workflows/ci.yml", ".github/workflows/deploy.yml"];
    const at = (ms: number) => githubVerdict(rows({ runs: [run()], expected, now: since + ms }));
    expect(at(60_000)).toMatchObject({
      is: "running",
      reason: "waits for the run of .github/workflows/deploy.yml",
    });
    expect(at(90_000)).toEqual({
      is: "none",
      reason: "GitHub has started no run of .github/workflows/deploy.yml",
    });
  });

  test("a run that vanished from the list is waited for", () => {
    expect(githubVerdict(rows({ runs: [run()], vanished: ["Deploy"] })).is).toBe("running");
    expect(githubVerdict(rows({ vanished: ["Deploy"] })).is).toBe("running");
  });
});

describe("required checks", () => {
  const required = [{ context: "test", appId: 15368 }];

  test("decide alone: another red does not count", () => {
    const checks = [check(), check({ id: 12, name: "optional", conclusion: "failure" })];
    const runs = [run({ conclusion: "failure" })];
    expect(githubVerdict(rows({ runs, checks, required })).is).toBe("passed");
  });

  test("that nobody has reported are waited for, for ever", () => {
    const verdict = githubVerdict(
      rows({ runs: [run()], checks: [check({ name: "lint" })], required }),
    );
    expect(verdict).toMatchObject({ is: "unseen", overdue: true });
    const two = [...required, { context: "security", appId: null }];
    expect(githubVerdict(rows({ checks: [check()], required: two }))).toMatchObject({
      is: "running",
      reason: "waits for what 1 required check say: security",
    });
  });

  test("count from the app they are required of", () => {
    const imposter = check({ appId: 99, app: "imposter", suiteId: null });
    expect(githubVerdict(rows({ checks: [imposter], required })).is).not.toBe("passed");
  });

  test("of the same name as a check and as a status must both pass", () => {
    const named = [{ context: "test", appId: null }];
    const both = { checks: [check()], statuses: [status({ context: "test", state: "failure" })] };
    expect(githubVerdict(rows({ ...both, required: named })).is).toBe("failed");
  });

  test("that never come because the workflow could not start are red", () => {
    const runs = [run({ conclusion: "startup_failure" })];
    expect(githubVerdict(rows({ runs, required }))).toMatchObject({ is: "failed", jobs: ["CI"] });
  });

  test("cannot be told apart without check runs, so the runs decide", () => {
    expect(githubVerdict(rows({ runs: [run()], checks: null, required })).is).toBe("passed");
    expect(githubVerdict(rows({ runs: [run()], required: null })).is).toBe("passed");
  });
});
