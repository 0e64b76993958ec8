import { writeFiles } from "./agent-world.ts";
import { type Model, type ModelAnswer, say } from "./model-script.ts";

// A small project with tests that node runs by itself, and a task for it.

/** Writes the project into a folder. */
export const project = (folder: string) =>
  writeFiles(folder, {
    "package.json": '{ "name": "slugs", "type": "module" }\n',
    "src/slug.js": `export function slug(title) {
  return title.toLowerCase().match(/[a-z0-9]+/g).join("-");
}
`,
    "test/slug.test.js": `import assert from "node:assert/strict";
import { test } from "node:test";
import { slug } from "../src/slug.js";

test("words are joined by dashes", () => {
  assert.equal(slug("Hello,  World!"), "hello-world");
});

test("a slug ends with a letter or a digit", () => {
  assert.match(slug("One two three four."), /[a-z0-9]$/);
});
`,
  });

/** Runs the project's tests. */
export const ci = "node --test";

export const task = "A slug has at most 14 characters. Add a test for it.";

export interface SlugTurns {
  /** Does the task, and breaks a test. */
  cut: Model | ModelAnswer;
  newTest: Model | ModelAnswer;
  /** Mends what `cut` has broken. */
  mend: Model | ModelAnswer;
  /** All of it in one turn. */
  goodTurn: (Model | ModelAnswer)[];
}

/** What a model does for the task, by an agent's way to replace a part of a file. */
export function slugTurns(
  edit: (file: string, from: string, to: string) => Model | ModelAnswer,
): SlugTurns {
  const cut = edit("src/slug.js", '.join("-")', '.join("-").slice(0, 14)');
  const newTest = edit(
    "test/slug.test.js",
    'test("words',
    'test("a slug has at most 14 characters", () => {\n  assert.equal(slug("abc".repeat(9)).length, 14);\n});\n\ntest("words',
  );
  const mend = edit("src/slug.js", ".slice(0, 14)", '.slice(0, 14).replace(/-$/, "")');
  return { cut, newTest, mend, goodTurn: [cut, newTest, mend, say("Slugs are cut.")] };
}
