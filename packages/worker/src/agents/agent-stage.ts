import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Config, TurnOutcome } from "@ampx/core";
import { expect } from "vitest";
import type { Agent, AgentEvent, Turn } from "../ports.ts";
import { markedProcesses } from "../process-tree.ts";
import type { AgentDeps } from "./agent-deps.ts";

/** A turn's surroundings, all in one temporary folder. */
export interface Stage extends AsyncDisposable {
  folder: string;
  cwd: string;
  mark: string;
  rawFile: string;
  deps(agents?: Partial<Config["agents"]>, env?: Record<string, string>): AgentDeps;
  run(
    agent: Agent,
    options?: Partial<Turn> & { signal?: AbortSignal; onEvent?: (event: AgentEvent) => void },
  ): Promise<Played>;
}

export interface Played {
  outcome: TurnOutcome;
  events: AgentEvent[];
}

/** What a stage's agents must tell nobody. */
export const secret = "hunter2-correct-horse";

/** Makes a stage for a test, which fails when a turn on it has left a process behind. */
export async function setStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "agent-"));
  const [cwd, tmp, home] = [join(folder, "worktree"), join(folder, "tmp"), join(folder, "home")];
  for (const path of [cwd, tmp, home]) await mkdir(path);
  const mark = randomUUID();
  const rawFile = join(folder, "logs/task/raw.log");
  return {
    folder,
    cwd,
    mark,
    rawFile,
    deps: (agents = {}, env = {}) => ({
      config: {
        agents: {
          amp: { args: [] },
          claude: { args: [] },
          codex: { sandbox: "danger-full-access", args: [] },
          opencode: { args: [] },
          gemini: { args: [] },
          acp: {},
          command: {},
          scripted: {},
          ...agents,
        },
        agent_env: ["WANTED", ...Object.keys(env)],
      },
      env: {
        PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
        HOME: home,
        LC_ALL: "C",
        WANTED: "1",
        UNWANTED: "1",
        GITHUB_TOKEN: "ghp_1",
        SSH_AUTH_SOCK: "/tmp/agent.sock",
        ...env,
      },
      redact: (text) => text.replaceAll(secret, "[redacted]"),
      stateDir: join(folder, "state"),
      graceMs: 500,
    }),
    async run(agent, { signal = new AbortController().signal, onEvent, ...options } = {}) {
      const events: AgentEvent[] = [];
      const outcome = await agent.runTurn(
        {
          taskId: "01JZZZZZZZZZZZZZZZZZZZZZZZ",
          prompt: "Do it.",
          session: null,
          cwd,
          tmp,
          mark,
          rawFile,
          wallMs: 60_000,
          stallMs: 20_000,
          left: { usd: null, tokens: null },
          permit: async () => ({ is: "allowed" }),
          words: silence,
          ...options,
        },
        (event) => {
          if (events.length < 1_000) events.push(event);
          onEvent?.(event);
        },
        signal,
      );
      // Whatever came of it: nothing of it may be left.
      expect(await markedProcesses(mark)).toEqual([]);
      return { outcome, events };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Nobody says anything. */
const silence: AsyncIterable<string> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
};

/** What the events say, in order. */
export function texts(events: AgentEvent[]): string[] {
  return events.flatMap((event) => ("text" in event ? [event.text] : []));
}
