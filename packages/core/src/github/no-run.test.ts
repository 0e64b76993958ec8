import { describe, expect, test } from "vitest";
import { explainNoRun, skipWords, type Unseen } from "./no-run.ts";

function unseen(on: string | null, more: Partial<Unseen> = {}): Unseen {
  const file = {
    path: ".github/workflows/ci.yml",
    text: `${on ?? ""}\njobs: {}\n`,
    state: "active",
  };
  return {
    workflows: on === null ? [] : [file],
    message: "Answer with 42",
    branch: "amp/answer",
    base: "main",
    files: ["src/answer.ts"],
    pull: null,
    actionsOff: null,
    ownToken: false,
    ...more,
  };
}

describe("a commit without a run", () => {
  test.each<[string, Unseen, string]>([
    ["has no workflow", unseen(null), "the commit has no workflow in .github/workflows"],
    [
      "asks not to be tested",
      unseen("on: push", { message: "Fix [skip ci]" }),
      "the commit's message says [skip ci]",
    ],
    [
      "asks so by a trailer",
      unseen("on: push", { message: "Fix\n\nBody\n\nskip-checks: true\n" }),
      "the commit's message says skip-checks: true",
    ],
    [
      "is on a branch that is filtered out",
      unseen("on:\n  push:\n    branches: [main, 'release/**']"),
      "ci.yml runs on pushes to main, release/** only",
    ],
    [
      "is on a branch that is left out",
      unseen("on:\n  push:\n    branches-ignore: ['amp/**']"),
      "ci.yml leaves out pushes to amp/**",
    ],
    [
      "changes nothing that is looked at",
      unseen("on:\n  push:\n    paths: ['docs/**']"),
      "ci.yml runs on changes of docs/** only",
    ],
    [
      "changes only what is left out",
      unseen("on:\n  push:\n    paths-ignore: ['**.ts']"),
      "ci.yml leaves out changes of **.ts",
    ],
    [
      "has workflows for tags",
      unseen("on:\n  push:\n    tags: ['v*']"),
      "ci.yml runs on pushed tags only",
    ],
    [
      "has workflows by hand",
      unseen("on: [workflow_dispatch, schedule]"),
      "ci.yml runs on workflow_dispatch, schedule only",
    ],
    ["has a broken workflow", unseen("on: [push"), "ci.yml has no readable `on:`"],
    [
      "has a disabled workflow",
      unseen("on: push", {
        workflows: [
          { path: ".github/workflows/ci.yml", text: "on: push", state: "disabled_manually" },
        ],
      }),
      "ci.yml is disabled on GitHub",
    ],
    [
      "is in a repository without Actions",
      unseen("on: push", { actionsOff: true }),
      "GitHub Actions are switched off for the repository: switch them on in its settings; what is pushed after that is judged",
    ],
    [
      "conflicts with its base",
      unseen("on: pull_request", { pull: { conflicted: true } }),
      "the pull request conflicts with main, so ci.yml cannot run",
    ],
    [
      "was pushed with a workflow's token",
      unseen("on: push", { ownToken: true }),
      "it was pushed with a workflow's own GITHUB_TOKEN, which starts no workflows; use an App or a personal token",
    ],
  ])("%s", (_, facts, reason) => {
    expect(explainNoRun(facts)).toEqual({ is: "none", reason });
  });

  test.each([
    "on: push",
    "on: [push, pull_request]",
    "on:\n  push:",
    "on:\n  push:\n    branches: ['**', '!main']",
    "on:\n  push:\n    branches: amp/*",
    "on:\n  push:\n    paths: ['src/*.ts']",
    "'on': push",
  ])("is waited for when a push starts one: %j", (on) => {
    const file = ".github/workflows/ci.yml";
    // GitHub holds paths against the push, which may be less than the whole branch.
    const isSure = !on.includes("paths");
    expect(explainNoRun(unseen(on))).toEqual({
      is: "expected",
      surely: isSure ? [file] : [],
      perhaps: isSure ? [] : [file],
      needPull: [],
    });
  });

  test.each([
    ["on: pull_request", true],
    ["on:\n  pull_request:\n    branches: [main]", true],
    ["on:\n  pull_request:\n    branches: [release]", false],
    ["on:\n  pull_request:\n    types: [labeled]", false],
  ])("needs a pull request first: %j %s", (on, needs) => {
    const file = ".github/workflows/ci.yml";
    const alone = explainNoRun(unseen(on));
    expect(alone).toMatchObject(needs ? { surely: [], needPull: [file] } : { is: "none" });
    const opened = explainNoRun(unseen(on, { pull: { conflicted: null } }));
    expect(opened).toMatchObject(needs ? { surely: [file], needPull: [] } : { is: "none" });
  });

  test("needs a pull request for a second workflow, beside one that runs on push", () => {
    const push = {
      path: ".github/workflows/ci.yml",
      text: "on: [push, pull_request]",
      state: null,
    };
    const pull = { path: ".github/workflows/review.yml", text: "on: pull_request", state: null };
    const both = unseen(null, { workflows: [push, pull] });
    expect(explainNoRun(both)).toEqual({
      is: "expected",
      surely: [push.path],
      perhaps: [],
      needPull: [pull.path],
    });
  });

  test("is waited for where the workflows cannot be read", () => {
    expect(explainNoRun(unseen(null, { workflows: null })).is).toBe("expected");
  });
});

test.each([
  ["Fix [ci skip]", "[ci skip]"],
  ["Fix\n\n[No CI]", "[No CI]"],
  ["[skip actions]", "[skip actions]"],
  ["[actions skip]", "[actions skip]"],
  ["skip ci", null],
  ["skip-checks: true", null],
])("the words of %j are %j", (message, words) => {
  expect(skipWords(message)).toBe(words);
});
