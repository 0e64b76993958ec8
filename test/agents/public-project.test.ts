import { cp } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, expect, test } from "vitest";
import type { AgentWorld } from "./agent-world.ts";
import { makeAmpWorld } from "./amp-world.ts";
import { edit, run } from "./mock-amp-server.ts";
import { say, scripted } from "./model-script.ts";
import { npmPackages } from "./npm-packages.ts";

// A project that many use, with the tests of its own, as it lies in npm: minimist 1.2.5 has the hole CVE-2021-44906, and a
// test runner of its time, tape, goes with it.

let packages: string;
beforeAll(async () => {
  packages = join(await npmPackages(["minimist@1.2.5", "tape@3.6.1"]), "node_modules");
});

/** By which a command line reaches what all functions inherit from. */
const attack = "--_.constructor.constructor.prototype.polluted yes";

const firstTry = [
  edit(
    "index.js",
    `            if (key === '__proto__') return;
            if (o[key] === undefined) o[key] = {};
`,
    "            if (!hasOwn.call(o, key)) o[key] = {};\n",
  ),
  edit(
    "index.js",
    "function hasKey (obj, keys) {",
    "var hasOwn = Object.prototype.hasOwnProperty;\n\nfunction hasKey (obj, keys) {",
  ),
];
const secondTry = edit(
  "index.js",
  "            if (!hasOwn",
  "            if (key === '__proto__') return;\n            if (!hasOwn",
);
const newTest = edit(
  "test/proto.js",
  "test('proto pollution (constructor)'",
  `test('proto pollution (function)', function (t) {
    parse('${attack}'.split(' '));
    t.equal(function () {}.polluted, undefined);
    t.end();
});

test('proto pollution (constructor)'`,
);

test("a hole in minimist is closed: the first try breaks one of its own tests, the second is green and merged", async () => {
  await using world = await makeAmpWorld({
    project: (folder) => cp(join(packages, "minimist"), folder, { recursive: true }),
    // The runner comes from outside the project, as a CI image would bring it.
    ci: `NODE_PATH='${packages}' '${packages}/.bin/tape' test/*.js`,
    answer: scripted([
      [
        ...firstTry,
        newTest,
        say("Only an object's own keys are walked: what is inherited cannot be reached."),
      ],
      [
        run("cat test/proto.js"),
        secondTry,
        say(
          "To assign `__proto__` changes an object's prototype, own key or not: it is refused again.",
        ),
      ],
    ]),
  });
  expect(await isPolluted(world, world.base)).toBe(true);
  const { id } = await world.start(
    `Command lines such as \`${attack}\` change the prototype of all functions. Close that hole, with a test.`,
  );
  await world.ampx("logs", "--follow", id);

  const ready = await world.show(id);
  expect(ready).toMatchObject({ status: "success", attempts: 2 });
  expect(ready.tries.map(({ verdict }) => verdict)).toEqual(["failed", "passed"]);
  const feedback = world.model.calls.find(({ turn }) => turn === 1);
  expect(feedback?.session).toBe(ready.thread_id);
  expect(feedback?.prompt).toMatch(
    /# proto pollution\n[^]*not ok \d+ should be equal\n[^]*expected: undefined\n *actual: +123\n[^]*proto\.js:8:/,
  );

  await world.ampx("merge", id);
  expect(await world.git("diff", "--name-only", world.base, "main")).toBe(
    "index.js\ntest/proto.js",
  );
  expect(await isPolluted(world, "main")).toBe(false);
  await world.quiet();
});

/** Whether the attack works on minimist as it is in a commit. */
async function isPolluted(world: AgentWorld, commit: string): Promise<boolean> {
  const source = await world.git("show", `${commit}:index.js`);
  const { stdout } = await execa(process.execPath, [
    "--print",
    `${source}\nmodule.exports("${attack}".split(" ")); (function () {}).polluted`,
  ]);
  return stdout === "yes";
}
