import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ended, type Person, person, until } from "./ampx.ts";

// The commands against a real server, a real repository and a scripted agent, in the order in which a person uses them.

let ada: Person;
const hostile = "\u001b[2J\u001b]0;owned\u0007";

beforeAll(async () => {
  ada = await person();
  const script = join(ada.folder, "script.yaml");
  await writeFile(
    script,
    JSON.stringify({
      turns: [
        [{ write: "answer", content: "41\n" }, { say: `First try${hostile}` }],
        [{ write: "answer", content: "42\n" }, { say: "Second try" }],
      ],
      cases: [
        { when: "Wait", turns: [[{ hang: true }]] },
        {
          when: "Tidy CI",
          turns: [
            [
              { write: "answer", content: "42\n" },
              { write: "notes", content: "Tidy.\n" },
              {
                write: ".github/workflows/ci.yml",
                content: "on: push\njobs:\n  test:\n    steps:\n      - run: npm test\n",
              },
            ],
          ],
        },
      ],
    }),
  );
  ada.env["AMPX_AGENT"] = "scripted";
  ada.env["AMPX_AGENTS_SCRIPTED_SCRIPT"] = script;
});
afterAll(() => ada[Symbol.asyncDispose]());

describe("the commands", { timeout: 90_000 }, () => {
  let id = "";

  test("init makes a project and, run again, changes nothing", async () => {
    const made = await ada.ampx(["init", "shop"]);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(made.stdout).toContain(
      `✓ project shop made in ${ada.folder}/shop: repo.git, ci.sh, ampx.yaml, README.md, sample-ticket.yaml, .ampx/ticket.schema.json, backlog`,
    );
    const project = join(ada.folder, "shop");
    expect(made.stdout).toContain(`copy ${project}/sample-ticket.yaml`);
    const [comment = ""] = (await readFile(join(project, "sample-ticket.yaml"), "utf8")).split(
      "\n",
    );
    const schema = join(project, comment.replace(/^.*\$schema=/, ""));
    expect(JSON.parse(await readFile(schema, "utf8"))).toMatchObject({ title: "ampx ticket" });
    expect(await readdir(join(project, "backlog"))).toEqual([]);
    expect(await ada.ampx(["validate", join(project, "sample-ticket.yaml")])).toMatchObject({
      code: 0,
    });
    expect((await stat(join(project, "ci.sh"))).mode & 0o111).not.toBe(0);
    expect(await readFile(join(project, "ampx.yaml"), "utf8")).toContain("#max_attempts: 5");
    expect((await stat(join(project, "repo.git/hooks/post-receive"))).mode & 0o111).not.toBe(0);
    expect(await ada.git(project, "--git-dir", "repo.git", "symbolic-ref", "HEAD")).toBe(
      "refs/heads/main",
    );

    await writeFile(
      join(project, "ci.sh"),
      '#!/bin/sh\ngrep -qx 42 answer || { printf "FAIL\\033[2J: the answer is %s\\n" "$(cat answer)"; exit 1; }\n',
    );
    const again = await ada.ampx(["init", "shop", "--json"]);
    expect(json(again)).toMatchObject({
      name: "shop",
      repo: join(project, "repo.git"),
      created: [],
    });
    expect(await readFile(join(project, "ci.sh"), "utf8")).toContain("grep -qx 42");

    await mkdir(join(ada.folder, "clone"));
    const clone = join(ada.folder, "clone");
    await ada.git(clone, "init", "-q", "-b", "main");
    await writeFile(join(clone, "answer"), "0\n");
    await mkdir(join(clone, ".ampx"));
    await writeFile(join(clone, ".ampx/prompt.md"), "Speak British English.\n");
    await ada.git(clone, "add", ".");
    await ada.git(clone, "commit", "-qm", "First");
    await ada.git(clone, "push", "-q", join(project, "repo.git"), "HEAD:main");
  });

  test("ls says what to do while there is nothing", async () => {
    await ada.ampx(["serve", "--detach"]);
    expect(await ada.ampx(["ls"])).toEqual({
      code: 0,
      stdout:
        'No tasks of yours. Start one: ampx start --repo <path> --task "…", or see everyone\'s: ampx ls --all\n',
      stderr: "",
    });
  });

  test("start --follow shows the whole way to green, harmlessly", async () => {
    const started = await ada.ampx(
      ["start", "--repo", "shop", "--task", "-", "--title", "Find it", "--follow"],
      { stdin: "Find the answer\n" },
    );
    expect(started).toMatchObject({ code: 0, stderr: "" });
    id = /^✓ (\w{6}) {2}Find it$/m.exec(started.stdout)?.[1] ?? "";
    const lines = started.stdout.split("\n").map((line) => line.replace(/^\d\d:\d\d:\d\d /, ""));
    const told = [
      "agent  First try",
      "ci     FAIL: the answer is 41",
      "agent  Second try",
      "✓ green and ready to merge after 2 attempts",
      `  next: ampx merge ${id}`,
    ];
    expect(lines.filter((line) => told.includes(line))).toEqual(told);
    expect(started.stdout.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });

  test("what the project tells every agent begins the session", async () => {
    const sessions = join(ada.home, "sessions");
    const files = await readdir(sessions, { recursive: true });
    const log = files.find((name) => name.endsWith("prompts.jsonl")) ?? "";
    const [first = "", second] = (await readFile(join(sessions, log), "utf8")).split("\n");
    expect(first).toContain('"Speak British English.\\n\\n');
    expect(second).not.toContain("British");
  });

  test("ls, by repository, status and everyone, in a table and as JSON", async () => {
    const list = await ada.ampx(["ls", "--repo", "shop"]);
    expect(list.stdout).toMatch(
      new RegExp(
        `^ID {6}STATUS {3}TRY  COST  REPO  TITLE {4}AGE  WAITS FOR\n${id}  success  2/5  [?] {5}shop  Find it  \\d+s +you: ready to merge; 1 of 1 fixed\n$`,
      ),
    );
    expect(
      json(await ada.ampx(["list", "--all", "--status", "success,error", "--json"])),
    ).toMatchObject({ total: 1, tasks: [{ short_id: id, status: "success", attempts: 2 }] });
    expect(json(await ada.ampx(["ls", "--status", "queued", "--json"]))).toMatchObject({
      total: 0,
      tasks: [],
    });
    const elsewhere = await ada.ampx(["ls", "--repo", "clone", "--json"]);
    expect(json(elsewhere)).toMatchObject({ total: 0 });
  });

  test("show tells phase, attempts, what failed and what is next, for any unambiguous id", async () => {
    const page = await ada.ampx(["show", id]);
    expect(page.stdout).toContain("status     success (ready)");
    expect(page.stdout).toMatch(
      /Attempts\n {2}1 {2}\w{8}, 1 file {2}unknown cost {2}CI red: .*the answer is 41\n {2}2 {2}\w{8}, 1 file {2}unknown cost {2}CI green/,
    );
    expect(page.stdout).toContain(`Next: ampx merge ${id}`);
    const task = json(await ada.ampx(["show", id, "--json"])) as { id: string };
    expect(json(await ada.ampx(["show", task.id, "--json"]))).toEqual(task);
    expect(await ada.ampx(["show", "zzzzzz"])).toMatchObject({ code: 3, stdout: "" });
  });

  test("logs, by stream, attempt and tail; followed, they end with the task at rest", async () => {
    const ci = await ada.ampx(["logs", id, "--ci", "--attempt", "1"]);
    expect(ci.stdout).toMatch(/^\d\d:\d\d:\d\d ci {5}FAIL: the answer is 41\n$/);
    const tail = json(await ada.ampx(["logs", id, "--tail", "2", "--json"])) as {
      lines: { n: number }[];
    };
    expect(tail.lines).toHaveLength(2);
    const followed = await ada.ampx(["logs", "-f", id, "--agent", "--json"]);
    const lines = followed.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { stream: string; text: string });
    expect(followed.code).toBe(0);
    expect(new Set(lines.map(({ stream }) => stream))).toEqual(new Set(["agent"]));
    expect(lines.map(({ text }) => text)).toContain("Second try");
  });

  test("merge follows until the base has the change, once", async () => {
    const merged = await ada.ampx(["merge", id]);
    expect(merged).toMatchObject({ code: 0, stderr: "" });
    const tip = await ada.git(ada.folder, "--git-dir", "shop/repo.git", "rev-parse", "main");
    expect(merged.stdout).toMatch(new RegExp(`✓ merged into main: ${tip.slice(0, 12)}\n$`));
    expect(await ada.ampx(["merge", id])).toEqual({
      code: 5,
      stdout: "",
      stderr: `✗ it is merged already\n  try: ampx show ${id}\n`,
    });
  });

  test("ls -w tells each change once when it is piped, and ends with Ctrl-C", async () => {
    const watch = ada.start(["ls", "-w", "--json"]);
    let seen = "";
    watch.stdout?.on("data", (part: Buffer) => (seen += part));
    const exited = once(watch, "exit");
    await until("the first list", () => seen.includes("\n") || undefined);
    const started = json(
      await ada.ampx(["start", "--repo", "shop/repo.git", "--task", "Wait for ever", "--json"]),
    ) as { short_id: string };
    id = started.short_id;
    await until("the agent's turn in the list", () => /"phase":"coding"/.test(seen) || undefined);
    // No event tells of it.
    expect((await ada.ampx(["pause"])).code).toBe(0);
    await until("the pause in the list", () => /"pauses":\[\{/.test(seen) || undefined);
    expect((await ada.ampx(["resume"])).code).toBe(0);
    watch.kill("SIGINT");
    expect((await exited)[0]).toBe(130);
    const lists = seen.trim().split("\n");
    expect(new Set(lists).size).toBe(lists.length);
  });

  test("abort ends a running turn and says so; continue takes the task up again", async () => {
    const aborted = await ada.ampx(["abort", id]);
    expect(aborted).toEqual({
      code: 0,
      stdout: `✓ ${id} aborted: nothing of it runs any more; its branch and its worktree are left\n`,
      stderr: "",
    });
    const followed = await ada.ampx(["logs", "-f", id]);
    expect(followed.code).toBe(0);
    const again = await ada.ampx(["continue", id, "-m", "Try", "once", "more"]);
    expect(again).toMatchObject({ code: 0, stderr: "" });
    await until(
      "the words in the history",
      async () => (await ada.ampx(["show", id])).stdout.includes("Try once more") || undefined,
    );
    expect(await ada.ampx(["abort", id])).toMatchObject({ code: 0 });
  });

  test("what the gate holds is shown with file, line and rule, and goes on when it is let through", async () => {
    const started = await ada.ampx(["start", "--repo", "shop", "--task", "Tidy CI", "--follow"]);
    expect(started).toMatchObject({ code: 1, stderr: "" });
    const held = /(\w{6}) {2}Tidy CI/.exec(started.stdout)?.[1] ?? "";
    const page = await ada.ampx(["show", held]);
    expect(page.stdout).toMatch(
      /What the gate found\n {2}hold {2}ci_changed {2}\.github\/workflows\/ci\.yml/,
    );
    expect(page.stdout).toContain(`Next: ampx continue ${held} --allow ci_changed`);
    const unknown = await ada.ampx(["continue", held, "--allow", "ci_chaged"]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("ci_changed");

    expect(await ada.ampx(["continue", held, "--allow", "ci_changed"])).toMatchObject({ code: 0 });
    expect(await ada.ampx(["logs", "-f", held])).toMatchObject({ code: 0 });
    const after = json(await ada.ampx(["show", held, "--json"]));
    expect(after).toMatchObject({ status: "success", attempts: 1, allowed: ["ci_changed"] });
    const silent = await ada.ampx(["continue", held]);
    expect(silent).toMatchObject({ code: 5, stdout: "" });
    expect(silent.stderr).toContain("it waits for nobody");
  });

  test("a merge that cannot be done says why and exits with 5", async () => {
    const refused = await ada.ampx(["merge", id]);
    expect(refused).toMatchObject({ code: 5, stdout: "" });
    expect(refused.stderr).toContain("it is not green");
  });

  test("ci run judges a commit by itself", async () => {
    const sha = await ada.git(ada.folder, "--git-dir", "shop/repo.git", "rev-parse", "main");
    const run = await ada.ampx(["ci", "run", "shop/repo.git", "refs/heads/main", sha]);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain(`PASS ${sha}`);
  });

  test("status and doctor ask the running worker", async () => {
    const status = await ada.ampx(["status"]);
    expect(status.stdout).toMatch(
      /● ampx \S+ at http:\/\/127\.0\.0\.1:\d+, pid \d+, up \d+s\n {2}home/,
    );
    expect(status.stdout).toContain("agents  ✓ scripted");
    const doctor = await ada.ampx(["doctor"]);
    expect(doctor.stdout).toContain("✓ agent scripted (default)");
    expect(doctor.code).toBe(0);
    await chmod(join(ada.home, "token"), 0o644);
    const open = await ada.ampx(["doctor", "--json"]);
    expect(open.code).toBe(1);
    expect(json(open)).toMatchObject({ ok: false });
  });

  test("completion knows every command and flag, in scripts that the shell accepts", async () => {
    const { stdout } = await ada.ampx(["completion", "bash"]);
    expect(stdout).toContain("--max-attempts");
    const script = join(ada.folder, "completion.bash");
    await writeFile(script, stdout);
    const complete = (...words: string[]) =>
      execFileSync(
        "bash",
        [
          "-c",
          `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ampx; echo "\${COMPREPLY[*]}"`,
          "bash",
          script,
          ...words,
        ],
        { encoding: "utf8" },
      ).trim();
    expect(complete("ampx", "st")).toBe("start stats status stop");
    expect(complete("ampx", "ls", "--st")).toBe("--status");
    for (const shell of ["zsh", "fish"])
      expect((await ada.ampx(["completion", shell])).stdout).toContain("max-attempts");
  });

  test("--version and help", async () => {
    expect((await ada.ampx(["--version"])).stdout).toMatch(
      /^ampx\/\d+\.\d+\.\d+ \S+ node-v24\S*\n$/,
    );
    const help = await ada.ampx(["help"]);
    expect(help.stdout).toContain("EXIT CODES\n  0    done");
    expect(json(await ada.ampx(["help", "--json"]))).toMatchObject({
      exit_codes: { usage: 2, notFound: 3, unreachable: 4 },
    });
    expect((await ada.ampx(["help", "start"])).stdout).toContain("--max-attempts");
  });
});

function json({ stdout }: Ended): unknown {
  return JSON.parse(stdout);
}
