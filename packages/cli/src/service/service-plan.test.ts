import { execFileSync, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtempDisposable, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fileText } from "./service-file.ts";
import { lastingNode } from "./service-here.ts";
import { checkEntry, planService } from "./service-plan.ts";
import { isUnchanged, stamped } from "./stamp.ts";

const env = { HOME: "/home/me", PATH: "/usr/local/bin:/usr/bin", AMP_API_KEY: "sk-secret" };
const here = { env, platform: "linux", node: "/usr/bin/node", entry: "/usr/bin/ampx" } as const;
const hard = `/srv/my work/50% of $HOME/a\\b "c" 'd' [e]*`;

test("the default home has the plain name, and each other one a name of its own", () => {
  const units = [
    {},
    { AMPX_HOME: "/home/me/.local/share/ampx" },
    { AMPX_HOME: "/srv/a" },
    { AMPX_HOME: "/srv/b", XDG_CONFIG_HOME: "/etc/me" },
  ].map((more) => planService({ ...here, env: { ...env, ...more } }));
  expect(units.map(({ file, environmentFile }) => ({ file, environmentFile }))).toEqual([
    {
      file: "/home/me/.config/systemd/user/ampx.service",
      environmentFile: "/home/me/.config/ampx/service.env",
    },
    {
      file: "/home/me/.config/systemd/user/ampx.service",
      environmentFile: "/home/me/.local/share/ampx/service.env",
    },
    {
      file: expect.stringMatching(
        /^\/home\/me\/\.config\/systemd\/user\/ampx-[0-9a-f]{8}\.service$/,
      ),
      environmentFile: "/srv/a/service.env",
    },
    {
      file: expect.stringMatching(/^\/etc\/me\/systemd\/user\/ampx-[0-9a-f]{8}\.service$/),
      environmentFile: "/srv/b/service.env",
    },
  ]);
});

test("a unit has what the server needs, quoted, and no key", () => {
  const { text } = planService({
    ...here,
    env: { ...env, AMPX_HOME: hard },
    node: `${hard}/node`,
  });
  expect(text).not.toContain("sk-secret");
  expect(text.split("\n")).toEqual(
    expect.arrayContaining([
      String.raw`Description=ampx: coding agents until their work is green (/srv/my work/50%% of $HOME/a\b "c" 'd' [e]*)`,
      String.raw`ExecStart=:"/bin/sh" "-c" "exec \"$0\" \"$@\"" "/srv/my work/50%% of $HOME/a\\b \"c\" 'd' [e]*/node" "/usr/bin/ampx" "serve"`,
      String.raw`Environment="AMPX_HOME=/srv/my work/50%% of $HOME/a\\b \"c\" 'd' [e]*"`,
      `Environment="PATH=/usr/local/bin:/usr/bin"`,
      String.raw`EnvironmentFile=-/srv/my work/50%% of $HOME/a\\b "c" 'd' \[e\]\*/service.env`,
      "Restart=on-failure",
      "KillMode=mixed",
      "TimeoutStopSec=60",
    ]),
  );
});

test("what no service can be told, or what does not last, is refused", () => {
  expect(() => planService({ ...here, env: { ...env, AMPX_HOME: "/srv/a\nb" } })).toThrow(
    "AMPX_HOME has a control character",
  );
  expect(() => checkEntry("/home/me/.npm/_npx/1a2b/node_modules/.bin/ampx")).toThrow("npx");
  expect(() => checkEntry("/usr/bin/ampx")).not.toThrow();
});

test("the path of Node that its next version keeps is taken, where it is the one that runs", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "service-"));
  expect(lastingNode(process.execPath, `relative:${folder.path}`)).toBe(process.execPath);
  const bin = join(folder.path, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "node"), "");
  expect(lastingNode(process.execPath, bin)).toBe(process.execPath);
  execFileSync("ln", ["-sf", process.execPath, join(bin, "node")]);
  expect(lastingNode(process.execPath, `${folder.path}:${bin}`)).toBe(join(bin, "node"));
});

test.each(["#", "xml"] as const)("a change by hand is seen (%s)", (comment) => {
  const text = stamped("<?xml?>\n[Unit]\nA=1\n", comment);
  expect(isUnchanged(text)).toBe(true);
  expect(isUnchanged(text.replace("A=1", "A=2"))).toBe(false);
  expect(isUnchanged(`${text}\n`)).toBe(false);
  expect(isUnchanged("[Unit]\n")).toBe(false);
});

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

test.runIf(hasSystemd)("systemd itself reads units with hard names as they are meant", async () => {
  await using folder = await mkdtempDisposable(join(await realpath(tmpdir()), "service-"));
  const verify = async (name: string, program: string) => {
    const home = join(folder.path, name);
    await mkdir(home, { recursive: true });
    await writeFile(join(home, "node"), "#!/bin/sh\n");
    await chmod(join(home, "node"), 0o755);
    const node = join(home, program);
    const plan = planService({ ...here, env: { ...env, AMPX_HOME: home }, node });
    const file = join(folder.path, "ampx.service");
    await writeFile(file, fileText(plan));
    const options = { env: { PATH: process.env["PATH"], XDG_RUNTIME_DIR: folder.path } };
    return String(spawnSync("systemd-analyze", ["verify", "--user", file], options).stderr);
  };
  expect(await verify(`a\\b "c" 'd' 50% of $HOME [e]*`, "node")).toBe("");
  expect(await verify("my work 50% of $HOME [e]*", "node")).toBe("");
  // It has looked for just that file.
  expect(await verify("my work 50% of $HOME [e]*", "gone")).toContain(
    `Command ${folder.path}/my work 50% of $HOME [e]*/gone is not executable`,
  );
});

describe("a property list of launchd", () => {
  const plan = planService({
    ...here,
    platform: "darwin",
    env: { ...env, AMPX_HOME: "/Users/me/a & <b>" },
  });

  test("lies with the user's agents, and has no key", () => {
    expect(plan.file).toMatch(
      /^\/home\/me\/Library\/LaunchAgents\/local\.ampx-[0-9a-f]{8}\.plist$/,
    );
    expect(plan.text).not.toContain("sk-secret");
    expect(plan.text).toContain(
      "<key>AMPX_HOME</key>\n    <string>/Users/me/a &amp; &lt;b&gt;</string>",
    );
    expect(fileText(plan).split("\n")[0]).toBe('<?xml version="1.0" encoding="UTF-8"?>');
  });

  test("has a shell read the keys and become the server", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "service-"));
    const home = join(folder.path, "a & b");
    await mkdir(home);
    await writeFile(join(home, "service.env"), "# keys\nAMP_API_KEY=from-file\n");
    const entry = join(folder.path, "entry.js");
    await writeFile(entry, "console.log(process.env.AMP_API_KEY, process.argv[2]);");
    const { text } = planService({
      ...here,
      platform: "darwin",
      env: { ...env, AMPX_HOME: home },
      node: process.execPath,
      entry,
    });
    const list = /<array>([^]*?)<\/array>/.exec(text)?.[1] ?? "";
    const [command = "", ...args] = [...list.matchAll(/<string>([^]*?)<\/string>/g)].map(
      ([, word = ""]) =>
        word.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
    );
    expect(execFileSync(command, args, { env: {} }).toString()).toBe("from-file serve\n");
  });
});
