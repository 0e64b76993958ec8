import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CreatedTask, LogPage, TaskDetail } from "@ampx/core";
import { type Person, person, until } from "../cli/ampx.ts";
import { processesOfWorld, type WorldProcess } from "../world/processes.ts";
import type { Model } from "./model-script.ts";
import type { ModelServer } from "./model-server.ts";
import type { RealAgent } from "./real-agent.ts";

/**
 * A person with a real agent, a running ampx server and a project with CI, as `ampx init` makes one. Only the model is
 * scripted. Everything lies in one folder; disposing of it ends and removes all of it.
 */
export interface AgentWorld extends AsyncDisposable {
  kim: Person;
  /** The first agent's. */
  model: ModelServer;
  /** By the agent's name. */
  models: ReadonlyMap<string, ModelServer>;
  /** The bare repository. */
  repo: string;
  /** The newest commit of main at the start; its CI is green. */
  base: string;
  /** The person's key for the agent. */
  key: string;
  /** Runs a command to its end and gives what it printed; fails when the exit code is another one than 0. */
  ampx(...args: string[]): Promise<string>;
  /** Further arguments are those of `ampx start`. */
  start(task: string, ...args: string[]): Promise<CreatedTask>;
  show(id: string): Promise<TaskDetail>;
  logs(id: string): Promise<LogPage>;
  git(...args: string[]): Promise<string>;
  /** Processes of this world, but for those of the server. */
  processes(): WorldProcess[];
  /** Waits until there is none. */
  quiet(): Promise<unknown>;
  /** The command lines of all processes of this world that were alive while the agent talked to its model. */
  commandLines: ReadonlySet<string>;
}

export interface AgentWorldOptions {
  agent: RealAgent;
  /** Agents beside the default one. One that is settled as another is talks to the same model. */
  others?: RealAgent[];
  /** Further settings of ampx. */
  settings?: NodeJS.ProcessEnv;
  answer: Model;
  /** What the models of agents answer that have tools of their own; `answer` by default. */
  answers?(agent: RealAgent): Model;
  /** Puts the project's files into a folder. */
  project(folder: string): Promise<void>;
  /** What judges a commit, in a checkout of it. */
  ci: string;
}

export async function makeAgentWorld({
  agent,
  others = [],
  settings = {},
  project,
  ci,
  answer,
  answers = () => answer,
}: AgentWorldOptions): Promise<AgentWorld> {
  const agents = [agent, ...others];
  const commands = new Map<string, string>();
  for (const { name, install } of agents) commands.set(name, await install());
  await using made = new AsyncDisposableStack();
  const commandLines = new Set<string>();
  const kim = made.use(
    await person({ AMPX_AGENT: agent.name, AMPX_CI_POLL_SECONDS: "0.2", ...settings }),
  );
  await mkdir(kim.home, { recursive: true });
  await writeFile(join(kim.home, "config.yaml"), JSON.stringify(configOf(agents, commands)));
  // Agents keep files in the home of whoever runs them.
  const user = join(kim.folder, "user");
  await mkdir(user);
  Object.assign(kim.env, { HOME: user });
  const models = new Map<string, ModelServer>();
  for (const one of agents) {
    const same = agents.find(({ name, settle }) => models.has(name) && settle === one.settle);
    const known = same === undefined ? undefined : models.get(same.name);
    const model =
      known ??
      made.use(
        await one.startModel({
          answer: answers(one),
          key,
          onRequest() {
            for (const { commandLine } of processesOfWorld(kim.folder))
              commandLines.add(commandLine);
          },
        }),
      );
    models.set(one.name, model);
    if (known === undefined)
      Object.assign(kim.env, await one.settle({ home: user, url: model.url, key }));
  }
  const model = models.get(agent.name);
  if (model === undefined) throw new Error("no model was started");
  const repo = join(kim.folder, "project/repo.git");

  const ampx = async (...args: string[]) => {
    const { code, stdout, stderr } = await kim.ampx(args);
    if (code !== 0) throw new Error(`ampx ${args.join(" ")} exited with ${code}\n${stderr}`);
    return stdout;
  };
  const json = async <T>(type: { parse(value: unknown): T }, ...args: string[]) =>
    type.parse(JSON.parse(await ampx(...args, "--json")));

  await ampx("init", "project");
  await writeFile(join(kim.folder, "project/ci.sh"), `#!/bin/sh\nset -e\n${ci}\n`);
  await chmod(join(kim.folder, "project/ci.sh"), 0o755);
  const base = await pushProject(kim, repo, project);
  // CI has judged a moment before its process is gone.
  const processes = () =>
    processesOfWorld(kim.folder).filter(
      ({ commandLine }) => !/\/server\/[a-z-]+\.ts --home /.test(commandLine),
    );
  const quiet = () =>
    until("all processes to be gone", () => processes().length === 0 || undefined, patienceMs);
  await quiet();
  await ampx("serve", "--detach");

  const disposables = made.move();
  return {
    kim,
    model,
    models,
    repo,
    base,
    key,
    ampx,
    commandLines,
    start: (task, ...args) =>
      json(CreatedTask, "start", "--repo", "project", "--task", task, ...args),
    show: (id) => json(TaskDetail, "show", id),
    logs: (id) => json(LogPage, "logs", id),
    git: (...args) => kim.git(repo, ...args),
    processes,
    quiet,
    async [Symbol.asyncDispose]() {
      await kim.ampx(["stop"]);
      await quiet();
      await disposables.disposeAsync();
    },
  };
}

function configOf(agents: RealAgent[], commands: ReadonlyMap<string, string>): object {
  const parts = agents.map(({ name, config }) => {
    const command = commands.get(name) ?? "";
    return [name, config === undefined ? { command } : config(command)];
  });
  return { agents: Object.fromEntries(parts) };
}

/** Writes files below a folder, by their paths. */
export async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** Waits until CI, which the repository's hook starts, has said that the project is sound before any task. */
async function pushProject(
  kim: Person,
  repo: string,
  project: AgentWorldOptions["project"],
): Promise<string> {
  const clone = join(kim.folder, "clone");
  await kim.git(kim.folder, "init", "--quiet", "--initial-branch=main", clone);
  await project(clone);
  await kim.git(clone, "add", "--all");
  await kim.git(clone, "commit", "--quiet", "-m", "The project");
  await kim.git(clone, "push", "--quiet", repo, "main");
  const base = await kim.git(clone, "rev-parse", "HEAD");
  const file = join(dirname(repo), "ci-status", `${base}.json`);
  const { status, output } = await until(
    "CI of main",
    async () => {
      const text = await readFile(file, "utf8").catch(() => undefined);
      return text === undefined
        ? undefined
        : (JSON.parse(text) as { status: string; output: string });
    },
    patienceMs,
  );
  if (status !== "PASS") throw new Error(`The project is red before any task:\n${output}`);
  return base;
}

/** Of no known form: an agent itself might cut that out of what its tools print. */
const key = "the-agent-key-of-kim-8841";

/** How long anything may take on the busiest machine. */
export const patienceMs = 90_000;
