import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { TaskList } from "@ampx/core";
import { agentScript, ciScript, projectFiles, task, title } from "./demo-project.ts";

// The main job, from an empty folder to a merged change, with the real commands, shown as they are typed. Everything lies in one
// temporary folder that is removed at the end.

const { values } = parseArgs({
  options: {
    agent: { type: "string", default: "scripted" },
    keep: { type: "boolean", default: false },
  },
});
const bin = join(import.meta.dirname, "../../bin/ampx.js");
const root = await realpath(await mkdtemp(join(tmpdir(), "ampx-demo-")));
const env: NodeJS.ProcessEnv = {
  ...process.env,
  AMPX_HOME: join(root, "home"),
  AMPX_AGENT: values.agent,
  AMPX_AGENTS_SCRIPTED_SCRIPT: join(root, "agent.yaml"),
  AMPX_PORT: "0",
  AMPX_CI_POLL_SECONDS: "0.2",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "You",
  GIT_AUTHOR_EMAIL: "you@example.org",
  GIT_COMMITTER_NAME: "You",
  GIT_COMMITTER_EMAIL: "you@example.org",
};
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());

try {
  process.exitCode = await demo();
} catch (error) {
  if (!stopping.signal.aborted) throw error;
  process.exitCode = 130;
} finally {
  await quietly(["stop"]);
  if (!values.keep) await rm(root, { recursive: true, force: true, maxRetries: 5 });
}

async function demo(): Promise<number> {
  say("A project with tests, in a bare repository with CI beside it (ampx init makes both):");
  await mkdir(env["AMPX_HOME"] ?? "");
  await writeFile(join(root, "agent.yaml"), agentScript);
  await ampx("init", "prices");
  await writeFile(join(root, "prices/ci.sh"), ciScript);
  await pushProject();

  say(
    "A task for the agent. Its first change breaks a test; watch the failing part of the log go back to it:",
  );
  const followed = await ampx(
    "start",
    "--repo",
    "prices",
    "--title",
    title,
    "--task",
    task,
    "--follow",
  );
  const { tasks } = TaskList.parse(JSON.parse(await output(["ls", "--all", "--json"])));
  const [made] = tasks;
  if (made === undefined) throw new Error("the task is not in the list");
  await ampx("ls");
  if (followed !== 0 || made.status !== "success") {
    say(
      `The task ended as ${made.status}. The demo's folder is removed; keep it with: npm run demo -- --keep`,
    );
    await ampx("show", made.short_id);
    return 1;
  }

  say("CI is green for exactly the commit that was pushed. Merge it:");
  if ((await ampx("merge", made.short_id)) !== 0) return 1;
  await run(
    "git",
    ["-C", "prices/repo.git", "log", "--oneline", "--stat", "-2", "main"],
    "git -C prices/repo.git log --oneline --stat -2 main",
  );

  say(`That was it. Everything happened in ${root}${values.keep ? "" : ", which is removed now"}.

What to try next:
  npm run -s ampx -- doctor                      what is missing for real work
  npm run -s ampx -- init my-project             a project folder of your own: repository, CI, config
  npm run -s ampx -- start --repo … --task "…" --follow
  npm run -s ampx -- help                        everything else
  npm run demo -- --agent amp                    the same with the real agent, which must be signed in`);
  return 0;
}

async function pushProject(): Promise<void> {
  const clone = join(root, "clone");
  await git(["init", "--quiet", "--initial-branch=main", clone]);
  for (const [name, text] of Object.entries(projectFiles)) {
    await mkdir(dirname(join(clone, name)), { recursive: true });
    await writeFile(join(clone, name), text);
  }
  await git(["add", "--all"], clone);
  await git(["commit", "--quiet", "-m", "A small shop's prices"], clone);
  await git(["push", "--quiet", join(root, "prices/repo.git"), "main"], clone);
}

async function git(args: string[], cwd = root): Promise<void> {
  const child = spawn("git", args, {
    cwd,
    env,
    stdio: ["ignore", "ignore", "inherit"],
    signal: stopping.signal,
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`git ${args.join(" ")} failed`);
}

/** Runs a command as a person would, and shows it as they would see it. */
function ampx(...args: string[]): Promise<number> {
  return run(process.execPath, [bin, ...args], `ampx ${args.map(quoted).join(" ")}`);
}

async function run(file: string, args: string[], typed: string): Promise<number> {
  process.stdout.write(`${bold(`$ ${typed}`)}\n`);
  const child = spawn(file, args, {
    cwd: root,
    env,
    stdio: ["ignore", "inherit", "inherit"],
    signal: stopping.signal,
  });
  const [code] = await once(child, "close");
  process.stdout.write("\n");
  return typeof code === "number" ? code : 1;
}

async function output(args: string[]): Promise<string> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [text] = await Promise.all([new Response(child.stdout).text(), once(child, "close")]);
  return text;
}

/** Also after Ctrl-C: what was started must not stay. */
async function quietly(args: string[]): Promise<void> {
  await once(spawn(process.execPath, [bin, ...args], { cwd: root, env, stdio: "ignore" }), "close");
}

function say(text: string): void {
  process.stdout.write(`${text}\n\n`);
}

function bold(text: string): string {
  return process.stdout.isTTY && process.env["NO_COLOR"] === undefined
    ? `\u001B[1m${text}\u001B[0m`
    : text;
}

function quoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
