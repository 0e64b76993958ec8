import type { TurnOutcome } from "@ampx/core";
import type { Agent, Confined, Turn } from "../ports.ts";
import type { AccessPlan, PlannedPath } from "./access-plan.ts";
import { bubblewrapLevels, bubblewrapLine, bubblewrapProblem } from "./bubblewrap.ts";
import { programFolders } from "./program-folders.ts";
import { refusalText, refusedPaths, type RefusedPath } from "./refused-path.ts";
import { type SandboxedProgram, type SandboxSettings, turnPlan } from "./turn-plan.ts";

/** How many refused paths are told of one turn. */
const maxTold = 3;

/**
 * The same agent, with every process of its turns in a sandbox. Where there cannot be one its turns fail before anything is started.
 * What was refused is told at the end of a turn, and is part of the message of one that failed.
 */
export function sandboxedAgent(
  agent: Agent,
  program: SandboxedProgram,
  settings: SandboxSettings,
): Agent {
  return {
    name: agent.name,
    can: agent.can,
    async probe(signal) {
      const [probed, problem] = await Promise.all([agent.probe(signal), bubblewrapProblem(signal)]);
      return problem === null ? probed : { ...probed, problems: [...probed.problems, problem] };
    },
    async runTurn(turn, emit, signal) {
      if (signal.aborted) return { is: "cancelled" };
      const refused = new Map<string, RefusedPath>();
      let plan: AccessPlan;
      try {
        const problem = await bubblewrapProblem(signal);
        if (problem !== null) return notStarted(`${problem.what}; ${problem.tryThis}`);
        plan = await turnPlan(turn, program, settings, signal);
      } catch (error) {
        if (signal.aborted) return { is: "cancelled" };
        return notStarted(error instanceof Error ? error.message : String(error));
      }
      const place = { network: settings.network, cwd: turn.cwd };
      const confine: Turn["confine"] = (command, args) => ({
        ...bubblewrapLine(
          { ...place, paths: withProgram(plan, [command, ...args], program.env) },
          command,
          args,
        ),
        levels: bubblewrapLevels,
        ...listener((line) => {
          if (refused.size >= maxTold) return;
          for (const found of refusedPaths(line, (path) => plan.of(path)))
            refused.set(found.path, found);
        }),
      });
      const outcome = await agent.runTurn({ ...turn, confine }, emit, signal);
      const texts = [...refused.values()].slice(0, maxTold).map(refusalText).map(program.redact);
      for (const text of texts) emit({ type: "diagnostic", text });
      if (outcome.is !== "failed" || texts.length === 0) return outcome;
      return { ...outcome, message: `${outcome.message}; ${texts.join("; ")}` };
    },
  };
}

/** Programs that lie in a folder for temporary files are seen although the inside has such a folder of its own. */
function withProgram(
  plan: AccessPlan,
  commandLine: readonly string[],
  env: NodeJS.ProcessEnv,
): PlannedPath[] {
  const shown = programFolders(commandLine, env["PATH"])
    .filter((path) => plan.of(path) === "scratch")
    .map((path): PlannedPath => ({ path, access: "readable", isFolder: true }));
  return [...plan.paths(), ...shown].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Looks at every line; knows by the first one whether the command has run at all. */
function listener(look: (line: string) => void): Pick<Confined, "heard" | "fault"> {
  let first: string | undefined;
  return {
    heard(stream, line) {
      first ??= stream === "stderr" ? line : "";
      look(line);
    },
    fault() {
      const words = /^bwrap: (.*)/.exec(first ?? "")?.[1];
      const isHidden = /^execvp .*No such file/.test(words ?? "");
      return isHidden ? `${words} in the sandbox (sandbox.readable would show it)` : words;
    },
  };
}

function notStarted(why: string): TurnOutcome {
  return { is: "failed", kind: "spawn", message: `The agent was not started: ${why}` };
}
