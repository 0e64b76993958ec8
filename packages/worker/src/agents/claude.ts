import { randomUUID } from "node:crypto";
import type { AgentAbilities, Millis, TurnOutcome } from "@ampx/core";
import type { Agent, AgentEvent, AgentProbe, Turn } from "../ports.ts";
import type { AgentDeps } from "./agent-deps.ts";
import { claudeIsSignedIn, claudeProblems, claudeVariables } from "./claude-cli.ts";
import { claudeFailed, runClaudeTurn } from "./claude-turn.ts";
import { agentEnvironment } from "./environment.ts";
import { findCommand } from "./find-command.ts";
import { readFlags, readVersion } from "./installed-program.ts";
import { probeProgram } from "./probe-program.ts";

/** Nothing of Claude Code's own doing in commits. */
const settings = JSON.stringify({
  attribution: { commit: "", pr: "" },
  includeCoAuthoredBy: false,
});

/** What would lead the work out of the worktree, or wait for a process that has ended, or for a person. */
const uselessTools = [
  "EnterWorktree",
  "ExitWorktree",
  "CronCreate",
  "ScheduleWakeup",
  "AskUserQuestion",
  "EnterPlanMode",
  "ExitPlanMode",
].join(",");

const talksBy = "--input-format";
/** What one process may spend, whatever its session has cost before. It must be more than nothing; of two the last one counts. */
const budget = "--max-budget-usd";
const leastUsd = 0.0001;
const defaultGraceMs: Millis = 5_000;

const can: AgentAbilities = {
  resume: true,
  tokens: "live",
  cost: "at_end",
  permissions: true,
  steering: true,
};

/** Claude Code by its command line, one process per turn; its sessions are ours, and their ids are of our making. */
export function claudeAgent({
  config,
  env,
  redact,
  stateDir,
  graceMs = defaultGraceMs,
  now = Date.now,
}: AgentDeps): Agent {
  const { command: name = "claude", model, args: furtherArgs } = config.agents.claude;
  const environment: Record<string, string> = {
    // To wait is the task's part: it holds no slot meanwhile, and says what for.
    CLAUDE_CODE_MAX_RETRIES: "2",
    ...agentEnvironment(env, [...config.agent_env, ...claudeVariables]),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    // Without it, it refuses to work unasked as root, as an older one does and as a person may want it.
    ...(process.getuid?.() === 0 ? { IS_SANDBOX: "1" } : {}),
  };

  // By path: an answer that was no answer is asked for again.
  const known = new Map<string, ReadonlySet<string>>();

  return { name: "claude", can, probe, runTurn };

  function probe(signal: AbortSignal): Promise<AgentProbe> {
    return probeProgram({
      name,
      env: environment,
      problems: claudeProblems,
      read: (command) => readVersion("claude", command, environment, signal),
      // A program that does not run cannot be asked who is signed in.
      lacks: async (command) =>
        command === null || (await claudeIsSignedIn(command, environment, signal))
          ? []
          : [claudeProblems.notSignedIn],
    });
  }

  async function runTurn(
    turn: Turn,
    tell: (event: AgentEvent) => void,
    signal: AbortSignal,
  ): Promise<TurnOutcome> {
    const command = await findCommand(name, environment["PATH"]);
    if (command === null)
      return claudeFailed("spawn", claudeProblems.notInstalled(name).what, now());
    const flags = known.get(command) ?? (await flagsOf(command, signal));
    if (signal.aborted) return { is: "cancelled" };
    if (typeof flags === "string") return claudeFailed("spawn", flags, now());
    known.set(command, flags);
    const session = turn.session ?? randomUUID();
    const program = {
      command,
      args: argumentsOf(turn, session, flags),
      env: environment,
      session,
      talks: flags.has(talksBy),
    };
    return runClaudeTurn(program, turn, { tell, redact, stateDir, graceMs, now }, signal);
  }

  /** The options that it has, or why it does not run. */
  async function flagsOf(
    command: string,
    signal: AbortSignal,
  ): Promise<ReadonlySet<string> | string> {
    const { flags, fault } = await readFlags("claude", command, ["--help"], environment, signal);
    return fault === null ? flags : claudeProblems.faulty(fault).what;
  }

  function argumentsOf(turn: Turn, session: string, flags: ReadonlySet<string>): string[] {
    const args = ["--print", "--output-format", "stream-json", "--verbose"];
    // The option for permissions is in no help, but as old as the other.
    if (flags.has(talksBy))
      args.push(
        talksBy,
        "stream-json",
        "--permission-prompt-tool",
        "stdio",
        "--permission-mode",
        "default",
      );
    else args.push("--permission-mode", "bypassPermissions");
    args.push("--disallowedTools", uselessTools, "--settings", settings);
    args.push(turn.session === null ? "--session-id" : "--resume", session);
    if (model !== undefined) args.push("--model", model);
    args.push(...furtherArgs);
    const { usd } = turn.left;
    if (usd !== null && flags.has(budget) && !(Number(valueOf(furtherArgs, budget)) <= usd))
      args.push(budget, Math.max(usd, leastUsd).toFixed(4));
    return args;
  }
}

function valueOf(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  return at === -1 ? undefined : args[at + 1];
}
