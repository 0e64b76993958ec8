import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freshClone } from "./clone.ts";

const NODE = expect.stringMatching(/^npm install node-.*@2[46]\.\d+\.\d+$/);
const PNPM = "npm install pnpm@11.28.11";
const PACKAGES = "pnpm 11.28.11 install frozen in <root>";

describe("on a machine with an old Node and npm alone", () => {
  test("brings Node, pnpm and the packages, and then runs the command", async () => {
    using clone = freshClone();

    const { code, stdout, stderr } = await clone.run(["ampx", "ls"], { oldNode: true });

    expect(clone.newInDiary()).toEqual([NODE, PNPM, PACKAGES]);
    expect({ code, ran: JSON.parse(stdout).args }).toEqual({ code: 0, ran: ["ls"] });
    expect(stderr.match(/^ampx set-up: .* \.\.\.$/gm)).toHaveLength(3);
  });

  test("starts no npm and no pnpm the second time, and says nothing", async () => {
    using clone = freshClone();
    await clone.run(["ampx", "ls"], { oldNode: true });
    clone.newInDiary();

    expect(await clone.run(["ampx", "ls"], { oldNode: true })).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(clone.newInDiary()).toEqual([]);
  });

  test("takes a newer Node from further down PATH rather than fetch one", async () => {
    using clone = freshClone();
    clone.addPnpm("11.28.11");
    clone.addProgram(
      "node",
      'process.argv[2] === "--version" ? console.log("v25.1.0") : console.log("ran by v25")',
    );

    const { code, stdout } = await clone.run(["ampx", "ls"], { oldNode: true });

    expect({ code, stdout }).toEqual({ code: 0, stdout: "ran by v25\n" });
    expect(clone.newInDiary()).toEqual([PACKAGES]);
  });
});

describe("on a machine with Node and pnpm", () => {
  test.each(["11.5.0", "12.21.0"])(
    "fetches packages and nothing else with pnpm %s",
    async (version) => {
      using clone = freshClone();
      clone.addNode();
      clone.addPnpm(version);

      expect(await clone.run(["ampx", "ls"])).toMatchObject({ code: 0 });
      expect(clone.newInDiary()).toEqual([`pnpm ${version} install frozen in <root>`]);
    },
  );

  test.each(["10.34.0", "13.0.0"])(
    "brings its own pnpm where %s is installed, which may not read the lockfile",
    async (version) => {
      using clone = freshClone();
      clone.addNode();
      clone.addPnpm(version);

      expect(await clone.run(["ampx", "ls"])).toMatchObject({ code: 0 });
      expect(clone.newInDiary()).toEqual([PNPM, PACKAGES]);
    },
  );
});

describe("installs the packages again", () => {
  test.each([
    [
      "the lockfile changed",
      (clone: Clone) => clone.write("pnpm-lock.yaml", "lockfileVersion: 10"),
    ],
    [
      "a package.json changed",
      (clone: Clone) => clone.write("packages/cli/package.json", `{ "x": 1 }`),
    ],
    ["a package was added", (clone: Clone) => clone.write("packages/new/package.json", "{}")],
    [
      "somebody removed a package's node_modules",
      (clone: Clone) => rmSync(join(clone.root, "packages/cli/node_modules"), { recursive: true }),
    ],
  ])("when %s", async (_, change) => {
    using clone = freshClone();
    await clone.run(["ampx", "ls"]);
    change(clone);
    mkdirSync(join(clone.root, "packages/new/node_modules"), { recursive: true });
    clone.newInDiary();

    expect(await clone.run(["ampx", "ls"])).toMatchObject({ code: 0 });
    expect(clone.newInDiary()).toEqual([PACKAGES]);
  });

  test("when the last time failed", async () => {
    using clone = freshClone();
    await clone.run(["ampx", "ls"], { env: { PNPM_DOES: "fail" } });
    clone.newInDiary();

    expect(await clone.run(["ampx", "ls"])).toMatchObject({ code: 0 });
    expect(clone.newInDiary()).toEqual([PACKAGES]);
  });
});

describe("a set-up that fails", () => {
  test("names the step, quotes npm and says what to do", async () => {
    using clone = freshClone();

    const { code, stdout, stderr } = await clone.run(["ampx", "ls"], {
      oldNode: true,
      env: { NPM_DOES: "fail" },
    });

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /set-up failed: Node 2\d\.\d+\.\d+ from npm into \.toolchain: exit code 1\n {4}npm error code E404\n {4}npm error no such thing\nWhat to do: .*npm ping/,
    );
    expect(readdirSync(join(clone.root, ".toolchain"))).toEqual([]);
  });

  test("names pnpm's step and keeps its words off standard output", async () => {
    using clone = freshClone();

    const { code, stdout, stderr } = await clone.run(["ampx", "ls"], {
      env: { PNPM_DOES: "fail" },
    });

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /set-up failed: packages \(pnpm install\): exit code 1\n(.*\n)* {4}ERR_PNPM_OUTDATED_LOCKFILE not up to date\nWhat to do: if you changed a package\.json, run `pnpm install`/,
    );
  });

  test("says so when there is no npm", async () => {
    using clone = freshClone();

    const { code, stderr } = await clone.run(["ampx", "ls"], {
      oldNode: true,
      env: { PATH: "/nowhere" },
    });

    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot start npm .*\nWhat to do: .*install Node yourself/);
  });
});

describe("two starts at once", () => {
  test("set up once", async () => {
    using clone = freshClone();

    const both = await Promise.all([1, 2].map(() => clone.run(["ampx", "ls"], { oldNode: true })));

    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(clone.newInDiary()).toEqual([NODE, PNPM, PACKAGES]);
  });

  test("do not wait for one that was killed", async () => {
    using clone = freshClone();
    const hanging = clone.start(["ampx", "ls"], { oldNode: true, env: { NPM_DOES: "hang" } });
    await expect.poll(() => lockIn(clone)).toBe(true);
    const child = await childOf(hanging.pid);
    hanging.kill("SIGKILL");
    process.kill(child, "SIGKILL");
    await hanging.ended;

    expect(await clone.run(["ampx", "ls"], { oldNode: true })).toMatchObject({ code: 0 });
  });

  test("leave nothing half-made when told to end, and end by that signal", async () => {
    using clone = freshClone();
    const hanging = clone.start(["ampx", "ls"], { oldNode: true, env: { NPM_DOES: "hang" } });
    await childOf(hanging.pid);
    hanging.kill("SIGTERM");

    expect(await hanging.ended).toMatchObject({ code: null, signal: "SIGTERM", stdout: "" });
    expect(readdirSync(join(clone.root, ".toolchain"))).toEqual([]);
  });
});

type Clone = ReturnType<typeof freshClone>;

function lockIn({ root }: Clone): boolean {
  const folder = join(root, ".toolchain");
  return existsSync(folder) && readdirSync(folder).includes("lock-1");
}

async function childOf(pid: number): Promise<number> {
  const children = () => readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  await expect.poll(children).toMatch(/^\d+$/);
  return Number(children());
}
