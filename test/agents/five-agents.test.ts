import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type CreatedTask, Stats, type TaskDetail, TaskList } from "@ampx/core";
import { beforeAll, expect, test } from "vitest";
import { until } from "../cli/ampx.ts";
import { type AgentWorld, makeAgentWorld, patienceMs, writeFiles } from "./agent-world.ts";
import { amp } from "./amp-world.ts";
import { claudeCode } from "./claude-code.ts";
import { codexCli } from "./codex-cli.ts";
import { callTokens, type Model, say } from "./model-script.ts";
import { opencode, opencodeByAcp } from "./opencode.ts";
import type { RealAgent } from "./real-agent.ts";

const agents = [claudeCode, codexCli, amp, opencode, opencodeByAcp];
const tasks = Array.from({ length: 20 }, (_, n) => ({
  number: String(n + 1).padStart(2, "0"),
  agent: agents[n % agents.length]!.name,
}));
/** Each task has two turns, for CI is red after the first, and each turn two calls of the model. */
const callsPerTask = 4;

beforeAll(async () => {
  for (const agent of agents) await agent.install();
});

/** Writes the task's file, wrong at first; the second turn of the session mends what lies there. */
function modelOf(agent: RealAgent): Model {
  return ({ turn, step, prompt }) => {
    const [, number = "?"] = /Task (\d\d)/.exec(prompt) ?? [];
    if (turn === 0)
      return step === 0
        ? agent.run(`echo red > task-${number}.txt`)
        : say(`Task ${number} is done.`);
    return step === 0
      ? agent.run('for file in task-*.txt; do echo green > "$file"; done')
      : say("It is mended.");
  };
}

test(
  "five real agents at once do twenty tasks: no session is another's, all usage adds up, and nothing is left",
  async () => {
    await using world = await makeAgentWorld({
      agent: claudeCode,
      others: agents.slice(1),
      settings: { AMPX_SLOTS: "5" },
      project: (folder) => writeFiles(folder, { "README.md": "Tasks\n" }),
      ci: 'if grep -l red task-*.txt 2>/dev/null; then echo "FAIL: it is red"; exit 1; fi',
      answer: () => say("Nothing to do."),
      answers: modelOf,
    });
    const started: CreatedTask[] = [];
    for (const { number, agent } of tasks)
      started.push(await world.start(`Task ${number}: write its file.`, "--agent", agent));
    await until(
      "all tasks to be done",
      async () => {
        const list = TaskList.parse(JSON.parse(await world.ampx("ls", "--limit", "50", "--json")));
        await sleep(1_000);
        return list.tasks.every(({ status }) => status === "success" || status === "needs_review")
          ? true
          : undefined;
      },
      3 * patienceMs,
    );
    const done: TaskDetail[] = [];
    for (const { id } of started) done.push(await world.show(id));
    expect(mostAtOnce(done)).toBe(5);

    expect(done.map(({ agent, status, attempts }) => [agent, status, attempts])).toEqual(
      tasks.map(({ agent }) => [agent, "success", 2]),
    );
    expect(new Set(done.map(({ thread_id }) => thread_id)).size).toBe(tasks.length);
    for (const [index, task] of done.entries()) {
      const { number } = tasks[index]!;
      expect(await world.git("show", `${task.branch}:task-${number}.txt`)).toBe("green");
      expect(await world.git("ls-tree", "--name-only", task.branch)).toBe(
        `README.md\ntask-${number}.txt`,
      );
      expect(await tasksIn(world, task)).toEqual([number]);
    }

    // `opencode acp` tells of the last model call of a turn, which ampx does not take for all of them.
    const told = (task: TaskDetail) => (task.agent === "acp" ? 2 : callsPerTask);
    for (const task of done)
      expect([task.agent, task.used]).toEqual([task.agent, used(task, told(task))]);
    const calls = [...new Set(world.models.values())].flatMap((model) => model.calls);
    expect(calls).toHaveLength(tasks.length * callsPerTask);
    const stats = Stats.parse(JSON.parse(await world.ampx("stats", "--json")));
    const sum = done.reduce((all, task) => all + task.used.output_tokens, 0);
    expect(stats.total.output_tokens).toBe(sum);
    expect(Object.fromEntries(stats.groups.map(({ key, tasks: count }) => [key, count]))).toEqual(
      Object.fromEntries(agents.map(({ name }) => [name, 4])),
    );

    await world.quiet();
    await world.ampx("stop");
    expect(world.processes()).toEqual([]);
  },
  6 * patienceMs,
);

/** How many turns ran at the same time, by what the tasks' events say. */
function mostAtOnce(done: TaskDetail[]): number {
  const steps = done
    .flatMap(({ history }) => history)
    .flatMap(({ type, at }) => {
      const change =
        type === "turn_started" ? 1 : /^turn_(?:ended|failed|interrupted)$/.test(type) ? -1 : 0;
      return change === 0 ? [] : [{ at: Date.parse(at), change }];
    })
    .toSorted((a, b) => a.at - b.at || a.change - b.change);
  let now = 0;
  return Math.max(...steps.map(({ change }) => (now += change)));
}

/** What so many model calls have used, as the agent sees it: providers differ in what they tell of a cache. */
function used({ agent }: TaskDetail, calls: number): Partial<TaskDetail["used"]> {
  const { input, cacheRead, cacheWrite, output } = callTokens;
  const writes = agent === "claude" || agent === "amp" ? cacheWrite : 0;
  return expect.objectContaining({
    input_tokens: calls * input,
    cache_read_tokens: calls * cacheRead,
    cache_write_tokens: calls * writes,
    output_tokens: calls * output,
    tokens_known: true,
  });
}

/** The numbers of all tasks that the raw output of a task's turns speaks of. */
async function tasksIn(world: AgentWorld, { id }: TaskDetail): Promise<string[]> {
  const { files } = await world.logs(id);
  const texts = await Promise.all(
    files.filter((file) => /turn-\d+\.log$/.test(file)).map((file) => readFile(file, "utf8")),
  );
  const found = texts.flatMap((text) => text.match(/task-\d\d\.txt|Task \d\d/g) ?? []);
  return [...new Set(found.map((name) => /\d\d/.exec(name)?.[0] ?? ""))].toSorted();
}
