import { randomUUID } from "node:crypto";
import type { AgentAbilities, AgentFailureKind, TurnOutcome } from "@ampx/core";
import type { Agent, AgentEvent, AgentProbe, Turn } from "../ports.ts";
import type { AgentDeps } from "./agent-deps.ts";
import { type ProcessEnd, runAgentProcess } from "./agent-process.ts";
import { claudeIsSignedIn, claudeProblems, claudeVariables, readClaudeCli } from "./claude-cli.ts";
import { claudeResultKind, claudeResultWords, claudeWordsKind } from "./claude-failure.ts";
import { type ClaudeResult, type ClaudeStream, claudeStream } from "./claude-stream.ts";
import { claudeUsage } from "./claude-usage.ts";
import { type CountedSession, counting, startCounting } from "./cumulative-usage.ts";
import { agentEnvironment } from "./environment.ts";
import { findCommand } from "./find-command.ts";
import { plainLine } from "./plain-line.ts";
import { kindOfStatus } from "./provider-failure.ts";
import { redactedEvent } from "./redact-event.ts";
import { exitText, outcomeOfCutOff, saidFrom, tailOf } from "./turn-outcome.ts";

/** A tool's whole output is one line. */
const maxLine = 16 * 1024 * 1024;

/** Nothing of Claude Code's own doing in commits. */
const settings = JSON.stringify({
  attribution: { commit: "", pr: "" },
  includeCoAuthoredBy: false,
});

/** What would lead the work out of the worktree, or wait for a process that has ended. */
const uselessTools = ["EnterWorktree", "ExitWorktree", "CronCreate", "ScheduleWakeup"].join(",");

const can: AgentAbilities = {
  resume: true,
  tokens: "at_end",
  cost: "at_end",
  permissions: false,
  steering: false,
};

/** Claude Code by its command line, one process per turn; its sessions are ours, and their ids are of our making. */
export function claudeAgent({ config, env, redact, stateDir, graceMs }: AgentDeps): Agent {
  const { command: name = "claude", model, args: furtherArgs } = config.agents.claude;
  const environment: Record<string, string> = {
    // To wait is the task's part: it holds no slot meanwhile, and says what for.
    CLAUDE_CODE_MAX_RETRIES: "2",
    ...agentEnvironment(env, [...config.agent_env, ...claudeVariables]),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    // Without it, it refuses to work unasked as root.
    ...(process.getuid?.() === 0 ? { IS_SANDBOX: "1" } : {}),
  };

  return { name: "claude", can, probe, runTurn };

  async function probe(signal: AbortSignal): Promise<AgentProbe> {
    const command = await findCommand(name, environment["PATH"]);
    if (command === null)
      return { command, version: null, problems: [claudeProblems.notInstalled(name)] };
    const { version, fault } = await readClaudeCli(command, environment, signal);
    const problems: AgentProbe["problems"] = [];
    if (fault !== null) problems.push(claudeProblems.faulty(fault));
    else if (!(await claudeIsSignedIn(command, environment, signal)))
      problems.push(claudeProblems.notSignedIn);
    return { command, version, problems };
  }

  async function runTurn(
    turn: Turn,
    tell: (event: AgentEvent) => void,
    signal: AbortSignal,
  ): Promise<TurnOutcome> {
    const command = await findCommand(name, environment["PATH"]);
    if (command === null) return failed("spawn", claudeProblems.notInstalled(name).what);
    const session = turn.session ?? randomUUID();
    const complaints = tailOf(1_000);
    let opened: string | undefined;
    let started: Promise<void> | undefined;
    const emit = (event: AgentEvent) => {
      if (event.type === "session") {
        if (event.id === opened) return;
        opened = event.id;
        if (turn.session === null) started = counting(emit, () => startCounting(counted(event.id)));
      }
      if (event.type === "diagnostic") complaints.add(event.text);
      tell(redactedEvent(event, redact));
    };
    const stream = claudeStream(emit);
    const results: ClaudeResult[] = [];

    const end = await runAgentProcess(
      {
        ...turn,
        command,
        args: argumentsOf(turn, session),
        env: { ...environment, TMPDIR: turn.tmp },
        // A command line can be read by everyone on the machine.
        input: turn.prompt,
        ...(graceMs === undefined ? {} : { graceMs }),
        redact,
        verbatim: true,
        maxLine,
        onLine(from, { text }) {
          const line = plainLine(text);
          const result = from === "stdout" ? stream.read(line) : undefined;
          if (from === "stderr" && line !== "") emit({ type: "diagnostic", text: line });
          if (result === undefined) return undefined;
          results.push(result);
          return "over";
        },
      },
      signal,
    );
    await started;
    await counting(emit, async () => {
      const usage = await claudeUsage(results, counted(opened ?? session));
      if (usage !== null) emit(usage);
    });
    return outcomeOf(end, results, stream, complaints.text());
  }

  function counted(id: string): CountedSession {
    return { stateDir, agent: "claude", session: id };
  }

  function argumentsOf(turn: Turn, session: string): string[] {
    const args = ["--print", "--output-format", "stream-json", "--verbose"];
    args.push("--permission-mode", "bypassPermissions", "--disallowedTools", uselessTools);
    args.push("--settings", settings);
    args.push(turn.session === null ? "--session-id" : "--resume", session);
    if (model !== undefined) args.push("--model", model);
    return [...args, ...furtherArgs];
  }

  function outcomeOf(
    end: ProcessEnd,
    results: ClaudeResult[],
    stream: ClaudeStream,
    complaints: string,
  ): TurnOutcome {
    // The terminal event before all: the work was done even if the abort came right after it, or the process then hung.
    const success = results.findLast((result) => !result.is_error);
    const said = saidFrom(redact(success?.result ?? stream.said()));
    if (success !== undefined) return { is: "completed", said };
    const retrying = stream.retrying();
    if (end.is === "stalled" && retrying !== undefined) {
      const kind = retrying.status === null ? undefined : kindOfStatus(retrying.status);
      return failed(kind ?? "overloaded", `waits to call its model again: ${retrying.error}`);
    }
    if (end.is !== "exited") return outcomeOfCutOff(end, said);
    const result = results.at(-1);
    // A limit that the person has set for each turn.
    if (result !== undefined && /^error_max_(?:turns|budget)/.test(result.subtype))
      return { is: "timed_out", said };
    if (result !== undefined)
      return failed(claudeResultKind(result), redact(claudeResultWords(result)));
    const words = redact(complaints);
    const detail = words === "" ? "" : `: ${words}`;
    return failed(
      claudeWordsKind(words) ?? "protocol",
      `${exitText(end)} without a result${detail}`,
    );
  }
}

function failed(kind: AgentFailureKind, message: string): TurnOutcome {
  return { is: "failed", kind, message: saidFrom(`Claude Code: ${message}`) };
}
