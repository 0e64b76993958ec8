import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, realpath, rename, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeAgent } from "../agents/agent-contract.ts";
import { type Played, setStage, type Stage, texts } from "../agents/agent-stage.ts";
import { createAgent } from "../agents/index.ts";
import type { Step } from "../agents/scripted-script.ts";
import { makeRepository } from "../git/fixture.ts";
import { taskOn } from "../git/workspace-fixture.ts";
import { bubblewrapProblem, type SandboxSettings } from "./index.ts";

const problem = await bubblewrapProblem(AbortSignal.timeout(20_000));
if (problem !== null) console.warn(`The sandbox is not tested: ${problem.what}`);

describe.skipIf(problem !== null)("in a sandbox", () => {
  describeAgent("scripted, in a sandbox", {
    resumes: true,
    async make(steps, stage) {
      const file = join(stage.folder, "script.json");
      await writeFile(file, JSON.stringify({ turns: [steps satisfies Step[]] }));
      return createAgent("scripted", {
        ...stage.deps({ scripted: { script: file } }),
        sandbox: settingsOf(stage),
      });
    },
  });

  test("the worktree and the private TMPDIR are written to; a write elsewhere fails, and is told with the key that would allow it", async () => {
    await using stage = await setStage();
    const outside = join(stage.folder, "home/notes.txt");
    const { outcome, events } = await shell(
      stage,
      `echo in > in.txt; echo tmp > "$TMPDIR/tmp.txt"; cat "$TMPDIR/tmp.txt"; echo out > ${outside}`,
      { readable: [stage.folder] },
    );
    expect(await readFile(join(stage.cwd, "in.txt"), "utf8")).toBe("in\n");
    expect(await readFile(join(stage.folder, "tmp/tmp.txt"), "utf8")).toBe("tmp\n");
    expect(texts(events)).toContain("tmp");
    expect(existsSync(outside)).toBe(false);
    const told = `the sandbox keeps from being written: ${outside} (sandbox.writable in your config would allow it)`;
    expect(texts(events)).toContain(told);
    expect(outcome).toMatchObject({ is: "failed", message: expect.stringContaining(told) });
  });

  test("the machine is read-only and other temporary files are not seen; what is written there is gone", async () => {
    await using stage = await setStage();
    await writeFile(join(stage.folder, "of-another-user.txt"), "private\n");
    const { events } = await shell(
      stage,
      `for path in /etc/ampx-test /usr/ampx-test /var/ampx-test; do touch "$path" 2>&1; done
       ls ${stage.folder}; echo mine > /tmp/ampx-test; cat /tmp/ampx-test`,
    );
    const said = texts(events);
    expect(said.filter((text) => text.includes("Read-only file system"))).toHaveLength(3);
    expect(said).toEqual(expect.arrayContaining(["tmp", "worktree", "mine"]));
    expect(said).not.toContain("of-another-user.txt");
    expect(existsSync("/tmp/ampx-test")).toBe(false);
  });

  test("keys and logins of others are hidden, files as if they were empty", async () => {
    await using stage = await setStage();
    const home = join(stage.folder, "home");
    const secrets = [
      ".ssh/id_ed25519",
      ".aws/credentials",
      ".config/gh/hosts.yml",
      ".netrc",
      ".npmrc",
    ];
    for (const path of secrets) await write(join(home, path), "top secret\n");
    await write(join(home, ".gitconfig"), "[user]\n\tname = Kim\n");
    const { outcome, events } = await shell(
      stage,
      `cd ~; cat ${secrets.join(" ")} .gitconfig; cat .npmrc && echo "npmrc is empty"; cat ~/.aws/credentials; touch ~/.ssh/new`,
      { readable: [home] },
    );
    const said = texts(events).join("\n");
    expect(said).not.toContain("top secret");
    expect(said).toContain("name = Kim");
    expect(said).toContain("npmrc is empty");
    expect(said).toContain(`the sandbox hides: ${home}/.aws/credentials (sandbox.readable`);
    expect(said).toContain(
      `the sandbox keeps from being written: ${home}/.ssh/new (sandbox.writable`,
    );
    expect(outcome.is).toBe("failed");
    expect(await readdir(join(home, ".ssh"))).toEqual(["id_ed25519"]);
  });

  test("what the config names is shown or written to; a folder that is missing is made", async () => {
    await using stage = await setStage();
    const home = join(stage.folder, "home");
    await write(join(home, ".npmrc"), "registry=https://registry.example\n");
    const { outcome, events } = await shell(stage, "cat ~/.npmrc && echo kept > ~/.npm/cache.txt", {
      readable: ["~/.npmrc"],
      writable: ["~/.npm"],
    });
    expect(outcome.is).toBe("completed");
    expect(texts(events)).toContain("registry=https://registry.example");
    expect(await readFile(join(home, ".npm/cache.txt"), "utf8")).toBe("kept\n");
  });

  test("an agent writes its sessions and its login, not its settings; other agents' are not seen", async () => {
    await using stage = await setStage();
    const home = join(stage.folder, "home");
    await write(join(home, ".codex/config.toml"), "# mine\n");
    await write(join(home, ".claude/.credentials.json"), "{}\n");
    const agent = createAgent("codex", {
      ...stage.deps({
        codex: {
          command: await program(
            stage,
            "mkdir -p ~/.codex/sessions; echo 1 > ~/.codex/sessions/1; echo x >> ~/.codex/config.toml; echo x > ~/.codex/hooks.json; ls -A ~/.claude >&2; exit 7",
          ),
          args: [],
          sandbox: "danger-full-access",
        },
      }),
      sandbox: settingsOf(stage, { readable: [join(stage.folder, "program")] }),
    });
    const { outcome, events } = await stage.run(agent);
    expect(await readFile(join(home, ".codex/sessions/1"), "utf8")).toBe("1\n");
    expect(await readFile(join(home, ".codex/config.toml"), "utf8")).toBe("# mine\n");
    expect(await readFile(join(home, ".codex/hooks.json"), "utf8")).toBe("{}\n");
    expect(texts(events).join("\n")).not.toContain(".credentials.json");
    expect(outcome).toMatchObject({
      is: "failed",
      message: expect.stringContaining(`${home}/.codex/config.toml (sandbox.writable`),
    });
  });

  test("no process, no environment and no socket of the outside is seen, and root has no powers", async () => {
    await using stage = await setStage();
    const { events } = await shell(
      stage,
      `ls -d /proc/[0-9]* | wc -l; cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -c VITEST; ls -A /run | grep -v systemd; grep CapEff /proc/self/status; wc -c < /etc/shadow`,
    );
    const [processes, environments, ...rest] = texts(events);
    expect(Number(processes)).toBeLessThan(10);
    expect(environments).toBe("0");
    expect(rest).toEqual(["CapEff:\t0000000000000000", "0"]);
  });

  test.each([
    [true, "reached"],
    [false, "not reached"],
  ])("with the network %s, a server of the machine is %s", async (network, expected) => {
    await using stage = await setStage();
    const server = createServer((socket) =>
      socket
        .on("error", () => undefined)
        .resume()
        .end(),
    ).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const connect = `require("net").connect(${port}, "127.0.0.1").on("connect", () => { console.log("reached"); process.exit() }).on("error", () => console.log("not reached"))`;
    const { events } = await shell(stage, `"${process.execPath}" -e '${connect}'`, {
      network,
    });
    server.close();
    expect(texts(events)).toEqual([expected]);
  });

  test("the agent itself is asked to end, not its sandbox; then nothing is left, however it hid", async () => {
    await using stage = await setStage();
    const abort = new AbortController();
    const { outcome, events } = await shell(
      stage,
      `trap 'echo asked politely; exit 1' INT; (setsid sleep 3600 &); (setsid sh -c 'trap "" INT TERM; sleep 3601' &); echo ready; while :; do sleep 0.05; done`,
      {},
      {
        signal: abort.signal,
        onEvent: (event) => "text" in event && event.text === "ready" && abort.abort(),
      },
    );
    expect(outcome).toEqual({ is: "cancelled" });
    expect(texts(events)).toContain("asked politely");
  });

  test("a program below a folder for temporary files is seen, and nothing beside it", async () => {
    await using stage = await setStage();
    await writeFile(join(stage.folder, "beside.txt"), "private\n");
    const command = await program(stage, `ls ${stage.folder}`);
    const deps = stage.deps({ command: { command: [command] } });
    const agent = createAgent("command", { ...deps, sandbox: settingsOf(stage) });
    const { outcome, events } = await stage.run(agent);
    expect(outcome.is).toBe("completed");
    expect(texts(events)).toContain("program");
    expect(texts(events)).not.toContain("beside.txt");
  });

  test("a program that is hidden is a failure to start", async () => {
    await using stage = await setStage();
    const command = join(stage.folder, "home/.ssh/agent.sh");
    await mkdir(dirname(command), { recursive: true });
    await rename(await program(stage, "echo never"), command);
    const agent = createAgent("command", {
      ...stage.deps({ command: { command: [command] } }),
      sandbox: settingsOf(stage),
    });
    expect((await stage.run(agent)).outcome).toMatchObject({
      is: "failed",
      kind: "spawn",
      message: expect.stringMatching(
        /: execvp .*agent\.sh: No such file .* \(sandbox\.readable would show it\)/,
      ),
    });
  });

  describe("git in a worktree", () => {
    test("an agent commits, and ampx takes its branch along", async () => {
      await using set = await setUp();
      const { events, outcome } = await set.inside(
        "echo one > one.txt && git add . && git commit -q -m 'By the agent' && git status --short && git log --format=%s -2 && echo two > two.txt",
      );
      expect(outcome).toMatchObject({ is: "completed" });
      expect(texts(events)).toEqual(["By the agent", "First"]);
      const content = await set.task.commit("By ampx");
      expect(content.files).toEqual(["one.txt", "two.txt"]);
      expect(await set.git("log", "--format=%s", "refs/heads/amp/task-1")).toBe(
        "By ampx\nBy the agent\nFirst",
      );
      // And once more on top of that.
      await set.task.workspace.prepare(set.task.signal);
      const again = await set.inside(
        "git commit -q --allow-empty -m 'Once' && git rebase -q --force-rebase HEAD~1 && git commit -q --amend --allow-empty -m 'Again' && git fsck 2>&1 | grep -v unborn",
      );
      expect(texts(again.events)).toEqual([]);
      await set.task.commit();
      expect(await set.git("log", "-1", "--format=%s", "refs/heads/amp/task-1")).toBe("Again");
    });

    test("the copy's config, hooks, branches and packs, and the way to them, cannot be changed", async () => {
      await using set = await setUp();
      const other = await taskOn(set.repository, 2);
      await other.workspace.prepare(other.signal);
      const before = await set.state();
      const attempts = [
        "git config core.fsmonitor 'touch /tmp/x'",
        "git branch -f amp/task-2 HEAD~0",
        "git branch mine",
        "git update-ref refs/remotes/origin/main HEAD",
        "git update-ref refs/stash HEAD",
        "git tag v1",
        "git checkout -q -b elsewhere",
        "git push -q origin HEAD:main",
        'echo "[core]" >> "$COPY/ampx.config"',
        'mv "$COPY/refs" "$COPY/gone"',
        'rm -r "$COPY/objects/pack"',
        // What was fetched is all in packs.
        'ls "$COPY"/objects/??/*',
        'echo /root > "$COPY/objects/info/alternates"',
        'echo /tmp/evil > "$ADMIN/commondir"',
        'mv "$ADMIN/commondir" "$ADMIN/gone"',
        'rm -r "$REMOTE"',
        // All that it can, before this fails.
        'rm -rf "$ADMIN"',
      ];
      const { events } = await set.inside(
        [
          "echo work > work.txt",
          // Nobody but itself sees it.
          `mkdir '${set.task.copyDir}/hooks'`,
          `COPY='${set.task.copyDir}' ADMIN='${set.task.adminDir}' REMOTE='${set.repository.path}'`,
          ...attempts.map((line, index) => `${line} && echo succeeded: ${index}`),
        ].join("\n"),
      );
      expect(texts(events).filter((text) => text.startsWith("succeeded"))).toEqual([]);
      expect(await set.state()).toEqual(before);
      expect((await set.task.commit()).files).toEqual(["work.txt"]);
    });

    test("links in the place of git's own files lead ampx nowhere", async () => {
      await using set = await setUp();
      const victim = join(set.repository.root, "victim");
      await write(join(victim, "index"), "mine\n");
      await set.inside(
        `cd '${set.task.adminDir}' && rm -rf logs index HEAD && ln -s '${victim}' logs && ln -s '${victim}/index' index && mkfifo HEAD; echo work > '${set.task.path}/work.txt'`,
      );
      expect((await set.task.commit("By ampx")).files).toEqual(["work.txt"]);
      expect(await readdir(victim)).toEqual(["index"]);
      expect(await readFile(join(victim, "index"), "utf8")).toBe("mine\n");
    });

    test("of the ampx home only the turn's own is seen", async () => {
      await using set = await setUp();
      const { home } = set.repository;
      const other = await taskOn(set.repository, 2);
      await other.workspace.prepare(other.signal);
      for (const path of ["token", "ampx.db", "logs/server.log"])
        await write(join(home, path), "secret\n");
      const { events } = await set.inside(
        `ls -A "${home}" "${home}/worktrees" "${dirname(set.task.adminDir)}"; cat "${home}/token"`,
      );
      const said = texts(events).join("\n");
      expect(said).not.toContain("secret");
      expect(said).not.toContain("ampx.db");
      expect(said).not.toContain("logs");
      expect(said).toContain(set.task.path.slice(-26));
      expect(said).not.toContain(other.path.slice(-26));
      expect(said).toContain(`the sandbox hides: ${home}/token`);
    });

    async function setUp() {
      await using made = new AsyncDisposableStack();
      const repository = made.use(await makeRepository());
      const stage = made.use(await setStage());
      const task = await taskOn(repository);
      await task.workspace.prepare(task.signal);
      const disposables = made.move();
      const git = (...args: string[]) => repository.git(["--git-dir", task.copyDir, ...args]);
      return {
        repository,
        task,
        git,
        inside: (script: string) =>
          shell(stage, script, { home: repository.home }, { cwd: task.path }),
        state: async () => ({
          config: await readFile(join(task.copyDir, "config"), "utf8"),
          settings: await readFile(join(task.copyDir, "ampx.config"), "utf8"),
          entries: await readdir(task.copyDir),
          packs: await readdir(join(task.copyDir, "objects/pack")),
          refs: await git("for-each-ref"),
          remote: await repository.git(["for-each-ref"]),
          commondir: await readFile(join(task.adminDir, "commondir"), "utf8"),
        }),
        [Symbol.asyncDispose]: () => disposables.disposeAsync(),
      };
    }
  });
});

test("without bubblewrap a turn fails before anything is started, and the probe says what to do", async () => {
  await using stage = await setStage();
  const path = process.env["PATH"];
  process.env["PATH"] = join(stage.folder, "empty");
  using _restored = { [Symbol.dispose]: () => void (process.env["PATH"] = path) };
  const deps = { ...stage.deps({ command: { command: ["/bin/sh", "-c", "touch ran.txt"] } }) };
  const agent = createAgent("command", { ...deps, sandbox: settingsOf(stage) });
  const { outcome } = await stage.run(agent);
  expect(outcome).toEqual({
    is: "failed",
    kind: "spawn",
    message: expect.stringMatching(/^The agent was not started: .*(?:not installed|Linux only); /),
  });
  expect(await readdir(stage.cwd)).toEqual([]);
  const { problems } = await agent.probe(AbortSignal.timeout(20_000));
  expect(problems).toMatchObject([{ what: expect.stringMatching(/not installed|Linux only/) }]);
});

function settingsOf(stage: Stage, settings: Partial<SandboxSettings> = {}): SandboxSettings {
  const home = join(stage.folder, "ampx-home");
  return { home, network: true, writable: [], readable: [], ...settings };
}

/** A turn of an agent that is a line for a shell. */
function shell(
  stage: Stage,
  script: string,
  settings: Partial<SandboxSettings> = {},
  options: Parameters<Stage["run"]>[1] = {},
): Promise<Played> {
  const deps = stage.deps({ command: { command: ["sh", "-c", script] } });
  const agent = createAgent("command", { ...deps, sandbox: settingsOf(stage, settings) });
  return stage.run(agent, options);
}

async function program(stage: Stage, script: string): Promise<string> {
  const file = join(await realpath(stage.folder), "program/agent.sh");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
