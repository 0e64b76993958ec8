import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CreatedTask } from "@ampx/core";
import { compare } from "./compare.ts";
import type { Figure } from "./figure.ts";
import type { Finding, Target } from "./finding.ts";
import { git, makeRepository } from "./large-repository.ts";
import { benchEnvironment, serveHome } from "./served-home.ts";
import { waitUntil } from "./wait-until.ts";

/** From the request to a running agent, against what git alone takes for the same. */
export const agentStart: Figure = {
  name: "agent-start",
  async run(folder, signal) {
    const ratio: Target = { is: "ratio", of: "median", atMost: 1.2 };
    const extra: Target = { is: "extra", of: "median", atMost: 150 };
    return [
      await startOn(join(folder, "large"), { files: 20_000, samples: 7, target: ratio }, signal),
      await startOn(join(folder, "small"), { files: 20, samples: 15, target: extra }, signal),
    ];
  },
};

async function startOn(
  folder: string,
  { files, samples, target }: { files: number; samples: number; target: Target },
  signal: AbortSignal,
): Promise<Finding> {
  mkdirSync(folder);
  const repo = makeRepository(folder, files);
  // The agent says when it was started. It changes nothing, so that its task is over at once.
  const said = join(folder, "started");
  const agent = join(folder, "agent.sh");
  writeFileSync(agent, `date +%s%N > '${said}.new'\nmv '${said}.new' '${said}'\n`);
  const startedAt = () => Number(readFileSync(said, "utf8")) / 1e6;

  const script = makeScript(folder, repo, agent);
  await using served = await serveHome(folder, signal, { agent: ["sh", agent] });
  let runs = 0;

  const measured = async () => {
    signal.throwIfAborted();
    rmSync(said, { force: true });
    const askedAt = now();
    const body = { repo, prompt: `Do nothing, ${runs++}`, max_attempts: 1 };
    const { id } = JSON.parse(await served.api("POST", "/tasks", body)) as CreatedTask;
    await waitUntil("the agent's start", () => existsSync(said), signal);
    const ms = startedAt() - askedAt;
    await served.untilOver(id);
    // Both sides find as few worktrees as the other.
    rmSync(join(served.home, "worktrees", id), { recursive: true });
    return ms;
  };
  const baseline = async () => {
    signal.throwIfAborted();
    rmSync(said, { force: true });
    const worktree = join(folder, "worktrees", String(runs));
    const askedAt = now();
    // Not in a blocking way: this process keeps a connection to the server alive meanwhile.
    const child = spawn("sh", [script, worktree, `task-${runs++}`], {
      env: benchEnvironment(folder, folder),
      stdio: ["ignore", "inherit", "inherit"],
    });
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) throw new Error(`the script ended with ${code}`);
    const ms = startedAt() - askedAt;
    rmSync(worktree, { recursive: true });
    return ms;
  };
  // Makes the bare copy of each side.
  await baseline();
  await measured();
  // Awaited here, for the server ends with this scope.
  return await compare(
    {
      what: `POST /tasks → agent started, ${files.toLocaleString("en")} files`,
      unit: "ms",
      baseline: "fetch, worktree add and spawn by a shell script",
      target,
    },
    samples,
    { measured, baseline },
  );
}

function makeScript(folder: string, repo: string, agent: string): string {
  const copy = join(folder, "copy.git");
  const script = join(folder, "start.sh");
  git(folder, "init", "--quiet", "--bare", copy);
  git(copy, "remote", "add", "origin", repo);
  git(copy, "config", "gc.auto", "0");
  const lines = [
    "set -e",
    `cd '${copy}'`,
    "git fetch --quiet --prune origin +refs/heads/main:refs/remotes/origin/main",
    // The worker checks out with all cores, so the script does, too.
    'git -c checkout.workers=0 worktree add --quiet --no-track -b "$2" "$1" refs/remotes/origin/main',
    'cd "$1"',
    `sh '${agent}'`,
    "",
  ];
  writeFileSync(script, lines.join("\n"));
  return script;
}

/** Epoch milliseconds, finer than `Date.now`. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
