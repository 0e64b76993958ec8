import { describe, expect, test } from "vitest";
import { makeGitHubWorld, wants42, type GitHubWorld } from "../github-world.ts";

const job = (name: string, run: string) =>
  `  ${name}:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: ${run}\n`;
const workflow = (name: string, on: string, jobs: string) =>
  `name: ${name}\non: ${on}\njobs:\n${jobs}`;
const is42 = "grep -qx 42 answer";

describe("verdicts", { concurrent: true }, () => {
  test("two workflows, each for push and pull_request: a red of either goes back, green needs all four runs", async () => {
    await using world = await makeGitHubWorld({
      answers: ["41", "42"],
      files: {
        ".github/workflows/ci.yml": wants42,
        ".github/workflows/lint.yml": workflow(
          "Lint",
          "[push, pull_request]",
          job("lint", "test -s answer"),
        ),
        ".github/workflows/review.yml": workflow("Review", "pull_request", job("look", is42)),
      },
    });
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    const { state } = await world.ends(id, "ready");
    expect(state.spent.attempts).toBe(2);
    const runs = world.repository.runs(state.pushed ?? "");
    expect(runs.map(({ workflow: { name }, event }) => `${name} ${event}`).toSorted()).toEqual([
      "CI push",
      "Lint pull_request",
      "Lint push",
      "Review pull_request",
    ]);
    expect(world.repository.issues()).toHaveLength(1);
  });

  test("what the base fails in, too, is not the agent's: a person is asked, who has it mended", async () => {
    const files = {
      ".github/workflows/ci.yml": workflow("CI", "push", job("test", "node check.js")),
      "check.js": `console.log("AssertionError: expected 1 to equal 2\\n    at check.js:1:1"); process.exit(1);\n`,
    };
    await using world = await makeGitHubWorld({
      files,
      config: { ci: { check_base: true } },
    });
    // Its CI ran when it was pushed.
    await world.repository.commit("main", { other: "x\n" });
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    const { state } = await world.ends(id, "needs_review");
    expect(state.phase).toMatchObject({ reason: "base_is_red" });
    expect(state.baseVerdict).toMatchObject({ is: "failed" });
    expect(world.repository.issues()).toEqual([]);
  });

  test("a run that a newer push of a colleague cancels is neither red nor green", async () => {
    await using world = await makeGitHubWorld({
      files: {
        ".github/workflows/ci.yml": wants42.replace(
          "on: push",
          `on: push\nconcurrency: { group: "\${{ github.ref }}", cancel-in-progress: true }`,
        ),
      },
    });
    world.github.plan({ repository: "acme/shop" }, { afterMs: 3_600_000 });
    const id = await world.createTask();
    await using _worker = await world.startWorker();
    await world.until(id, ({ waitingFor }) => waitingFor?.includes("CI runs") === true);
    await world.repository.commit("amp/task-1", { other: "x\n" }, { by: "mia" });
    const { state } = await world.ends(id, "needs_review");
    expect(state.phase).toMatchObject({
      reason: "branch_moved",
      detail: expect.stringMatching(/moved to .* by somebody else.*then ampx continue/),
    });
    expect(state.spent.attempts).toBe(1);
  });

  const protections: [string, (world: GitHubWorld) => void][] = [
    [
      "a ruleset",
      ({ repository }) =>
        repository.addRuleset({
          branches: ["main"],
          contexts: [{ context: "test" }, { context: "deploy" }],
        }),
    ],
    [
      "classic protection",
      ({ repository }) => repository.protect("main", { contexts: ["test", "deploy"] }),
    ],
  ];
  test.each(protections)(
    "%s: what it requires decides, of Actions and of others; what it does not require may be red",
    async (_, protect) => {
      await using world = await makeGitHubWorld({
        files: {
          ".github/workflows/ci.yml": workflow(
            "CI",
            "push",
            job("test", is42) + job("nightly", "false"),
          ),
        },
      });
      protect(world);
      const id = await world.createTask();
      await using _worker = await world.startWorker();
      const { state } = await world.until(id, ({ waitingFor }) =>
        /required check.*deploy/.test(waitingFor ?? ""),
      );
      expect(state.phase.name).toBe("awaiting_ci");
      world.repository.status(state.pushed ?? "", "success", "deploy");
      await world.ends(id, "ready");
      await world.merge(id);
      await world.ends(id, "merged");
      expect(await world.repository.read("main", "answer")).toBe("42");
    },
  );
});
