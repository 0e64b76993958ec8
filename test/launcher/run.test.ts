import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshClone } from "./clone.ts";

const clone = freshClone();
beforeAll(() => clone.run(["ampx"]));
afterAll(() => clone[Symbol.dispose]());

test("prints on standard output what the command prints, although set-up ran", async () => {
  using fresh = freshClone();

  const { stdout } = await fresh.run(["ampx", "a", "--json", "b c"], { oldNode: true });

  expect(JSON.parse(stdout)).toEqual({
    cwd: realpathSync(fresh.root),
    args: ["a", "--json", "b c"],
    npm: [],
  });
});

test("runs ampx in the folder that npm was called from", async () => {
  const folder = join(clone.root, "sub");
  mkdirSync(folder, { recursive: true });

  const { stdout } = await clone.run(["ampx"], { env: { INIT_CWD: folder } });

  expect(JSON.parse(stdout).cwd).toBe(realpathSync(folder));
});

test("runs ampx where the person is when started without npm, whatever INIT_CWD an outer npm left", async () => {
  const folder = join(clone.root, "sub");
  mkdirSync(folder, { recursive: true });

  const { stdout } = await clone.run(["ampx"], { cwd: folder, env: { INIT_CWD: "/" } });

  expect(JSON.parse(stdout).cwd).toBe(realpathSync(folder));
});

test("keeps from the command what `npm run -s` put into the environment, and leaves the person's own settings", async () => {
  const ofNpm = {
    npm_config_loglevel: "silent",
    npm_lifecycle_event: "ampx",
    npm_package_json: "x",
    npm_command: "run-script",
  };

  const { stdout } = await clone.run(["ampx"], {
    env: { ...ofNpm, npm_config_registry: "http://mine" },
  });

  expect(JSON.parse(stdout).npm).toEqual(["npm_config_registry"]);
});

test.each([0, 3, 130])("ends with the command's exit code %i", async (code) => {
  expect(await clone.run(["ampx", "exit", `${code}`])).toMatchObject({ code, signal: null });
});

test("ends by the signal that ended the command", async () => {
  expect(await clone.run(["ampx", "die", "SIGKILL"])).toMatchObject({
    code: null,
    signal: "SIGKILL",
  });
});

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "passes %s on and waits for the command to end in its own way",
  async (signal) => {
    const running = clone.start(["ampx", "wait", signal]);
    await running.printed("cwd");
    running.kill(signal);

    expect(await running.ended).toMatchObject({ code: 7, signal: null });
  },
);

test("names the commands there are when it is given another", async () => {
  const { code, stderr } = await clone.run(["tset"]);

  expect(code).toBe(2);
  expect(stderr).toBe(
    'No command "tset". Known: ampx, demo, bench, soak, test, test:crash, test:agents, test:github, format, check\n',
  );
});

test("runs every check, also after one failed, and names those that did", async () => {
  for (const [tool, code] of Object.entries({ oxfmt: 0, oxlint: 1, tsc: 0, knip: 2 }))
    clone.addTool(tool, code);

  const { code, stdout } = await clone.run(["check"]);

  expect(code).toBe(1);
  expect(stdout.match(/^== .*: (ok|FAILED), \d+\.\d s$/gm)).toHaveLength(4);
  expect(stdout).toMatch(/\nFailed: lint and import directions, unused code and dependencies\n$/);
});

test("passes further words on to the tool", async () => {
  clone.addTool("vitest", 0);

  expect(await clone.run(["test", "core", "-t", "a b"])).toMatchObject({
    code: 0,
    stdout: "vitest run core -t a b\n",
  });
});
