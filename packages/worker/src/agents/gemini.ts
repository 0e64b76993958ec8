import { join } from "node:path";
import type { AgentAbilities, AgentFailureKind, TurnOutcome } from "@ampx/core";
import type { Agent, AgentEvent } from "../ports.ts";
import { runAcpTurn } from "./acp-turn.ts";
import type { AgentDeps } from "./agent-deps.ts";
import { agentEnvironment } from "./environment.ts";
import { findCommand } from "./find-command.ts";
import { type InstalledProgram, readProgram } from "./installed-program.ts";
import { probeProgram } from "./probe-program.ts";
import { failedTurn } from "./provider-failure.ts";
import { textOf } from "./text-of.ts";

const keys = ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS"];
/** The variables of the environment that Gemini reads. */
export const geminiVariables = [
  ...keys,
  "GEMINI_MODEL",
  "GEMINI_CLI_HOME",
  "GOOGLE_GENAI_USE_VERTEXAI",
  "GOOGLE_GENAI_USE_GCA",
  "GOOGLE_CLOUD_PROJECT",
  "GOOGLE_CLOUD_LOCATION",
  "GOOGLE_GEMINI_BASE_URL",
  "GOOGLE_VERTEX_BASE_URL",
];

const problems = {
  notInstalled: (name: string) => ({
    what: `the Gemini CLI ("${name}") is not installed`,
    tryThis: "npm install -g @google/gemini-cli, or set agents.gemini.command to its path",
  }),
  noLogin: {
    what: "the Gemini CLI is not signed in, and GEMINI_API_KEY is not set in the worker's environment",
    tryThis: "run `gemini` once and log in, or start the server with GEMINI_API_KEY set",
  },
  faulty: (fault: string) => ({
    what: `the Gemini CLI does not run: ${fault}`,
    tryThis: "run it by hand to see what is wrong, and reinstall it",
  }),
};

const can: AgentAbilities = {
  resume: false,
  tokens: "at_end",
  cost: "never",
  permissions: true,
  steering: false,
};

/**
 * The Gemini CLI, by the Agent Client Protocol. Every turn is a session of its own: 0.61 empties the file of a session that is
 * taken up within the minute of its beginning, or for a second time.
 */
export function geminiAgent({
  config,
  env,
  redact,
  stateDir,
  graceMs,
  now = Date.now,
}: AgentDeps): Agent {
  const { command: name = "gemini", model, args: furtherArgs } = config.agents.gemini;
  const environment = agentEnvironment(env, [...config.agent_env, ...geminiVariables]);
  // By path: an answer that was no answer is asked for again.
  const known = new Map<string, InstalledProgram>();

  return {
    name: "gemini",
    can,
    probe: (signal) =>
      probeProgram({
        name,
        env: environment,
        problems,
        read: (command) => readProgram("gemini", command, environment, signal),
        lacks: async () => ((await isLoggedIn(environment)) ? [] : [problems.noLogin]),
      }),
    async runTurn(turn, tell, signal) {
      const command = await findCommand(name, environment["PATH"]);
      if (command === null) return failed("spawn", problems.notInstalled(name).what);
      // Without a login it would try to open a browser.
      if (!(await isLoggedIn(environment))) return failed("auth", problems.noLogin.what);
      const cli = known.get(command) ?? (await readProgram("gemini", command, environment, signal));
      if (signal.aborted) return { is: "cancelled" };
      if (cli.fault !== null) return failed("spawn", problems.faulty(cli.fault).what);
      known.set(command, cli);
      // The worktree is the person's own repository.
      const flags = ["--skip-trust"].filter((flag) => cli.flags.has(flag));
      if (model !== undefined) flags.push("--model", model);
      const door = cli.flags.has("--acp") ? "--acp" : "--experimental-acp";
      return runAcpTurn(
        {
          agent: "gemini",
          command,
          args: [door, ...flags, ...furtherArgs],
          env: environment,
          signIn: problems.noLogin.tryThis,
        },
        { ...turn, session: null },
        {
          tell: withoutSession(tell),
          redact,
          stateDir,
          now,
          ...(graceMs === undefined ? {} : { graceMs }),
        },
        signal,
      );
    },
  };

  function failed(kind: AgentFailureKind, words: string): TurnOutcome {
    const signIn = problems.noLogin.tryThis;
    return failedTurn("The gemini agent", { kind, words, signIn }, now());
  }
}

async function isLoggedIn(env: Record<string, string>): Promise<boolean> {
  if (keys.some((name) => (env[name] ?? "") !== "")) return true;
  const folder = join(env["GEMINI_CLI_HOME"] ?? env["HOME"] ?? "/", ".gemini");
  for (const file of ["oauth_creds.json", ".env"]) {
    const text = (await textOf(join(folder, file))) ?? "";
    if (/"(?:refresh_token|access_token)"|_API_KEY=/.test(text)) return true;
  }
  return false;
}

function withoutSession(tell: (event: AgentEvent) => void): (event: AgentEvent) => void {
  return (event) => {
    if (event.type !== "session") tell(event);
  };
}
