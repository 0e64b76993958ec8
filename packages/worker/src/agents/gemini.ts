import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentAbilities, AgentFailureKind, TurnOutcome } from "@ampx/core";
import type { Agent, AgentEvent, AgentProbe } from "../ports.ts";
import { runAcpTurn } from "./acp-turn.ts";
import type { AgentDeps } from "./agent-deps.ts";
import { askProgram } from "./ask-program.ts";
import { agentEnvironment } from "./environment.ts";
import { findCommand } from "./find-command.ts";

interface GeminiCli {
  version: string | null;
  flags: ReadonlySet<string>;
  fault: string | null;
}

const keys = ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS"];
const variables = [
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
  permissions: false,
  steering: false,
};

/**
 * The Gemini CLI, by the Agent Client Protocol. Every turn is a session of its own: 0.61 empties the file of a session that is
 * taken up within the minute of its beginning, or for a second time.
 */
export function geminiAgent({ config, env, redact, stateDir, graceMs }: AgentDeps): Agent {
  const { command: name = "gemini", model, args: furtherArgs } = config.agents.gemini;
  const environment = agentEnvironment(env, [...config.agent_env, ...variables]);
  // By path: an answer that was no answer is asked for again.
  const known = new Map<string, GeminiCli>();

  return {
    name: "gemini",
    can,
    async probe(signal): Promise<AgentProbe> {
      const found: AgentProbe["problems"] = (await isLoggedIn(environment))
        ? []
        : [problems.noLogin];
      const command = await findCommand(name, environment["PATH"]);
      if (command === null)
        return { command, version: null, problems: [problems.notInstalled(name), ...found] };
      const cli = await readGeminiCli(command, environment, signal);
      if (cli.fault !== null) found.unshift(problems.faulty(cli.fault));
      return { command, version: cli.version, problems: found };
    },
    async runTurn(turn, tell, signal) {
      const command = await findCommand(name, environment["PATH"]);
      if (command === null) return failed("spawn", problems.notInstalled(name).what);
      // Without a login it would try to open a browser.
      if (!(await isLoggedIn(environment)))
        return failed("auth", `${problems.noLogin.what}: ${problems.noLogin.tryThis}`);
      const cli = known.get(command) ?? (await readGeminiCli(command, environment, signal));
      if (signal.aborted) return { is: "cancelled" };
      if (cli.fault !== null) return failed("spawn", problems.faulty(cli.fault).what);
      known.set(command, cli);
      // The worktree is the person's own repository; and nobody is there to be asked.
      const flags = ["--yolo", "--skip-trust"].filter((flag) => cli.flags.has(flag));
      if (model !== undefined) flags.push("--model", model);
      const door = cli.flags.has("--acp") ? "--acp" : "--experimental-acp";
      return runAcpTurn(
        { agent: "gemini", command, args: [door, ...flags, ...furtherArgs], env: environment },
        { ...turn, session: null },
        {
          tell: withoutSession(tell),
          redact,
          stateDir,
          ...(graceMs === undefined ? {} : { graceMs }),
        },
        signal,
      );
    },
  };
}

async function readGeminiCli(
  command: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<GeminiCli> {
  const [version, help] = await Promise.all([
    askProgram(command, ["--version"], env, signal),
    askProgram(command, ["--help"], env, signal),
  ]);
  const fault = version.fault ?? help.fault;
  return {
    version: version.fault === null ? (/\d+\.\d+\.\S+/.exec(version.text)?.[0] ?? null) : null,
    flags: new Set(help.text.match(/--[a-z][a-z-]+/g)),
    fault: fault === null ? null : `gemini ${fault}`,
  };
}

async function isLoggedIn(env: Record<string, string>): Promise<boolean> {
  if (keys.some((name) => (env[name] ?? "") !== "")) return true;
  const folder = join(env["GEMINI_CLI_HOME"] ?? env["HOME"] ?? "/", ".gemini");
  for (const file of ["oauth_creds.json", ".env"]) {
    try {
      const text = await readFile(join(folder, file), "utf8");
      if (/"(?:refresh_token|access_token)"|_API_KEY=/.test(text)) return true;
    } catch {
      // Not there, or not for us: then Gemini cannot read it either.
    }
  }
  return false;
}

function failed(kind: AgentFailureKind, message: string): TurnOutcome {
  return { is: "failed", kind, message };
}

function withoutSession(tell: (event: AgentEvent) => void): (event: AgentEvent) => void {
  return (event) => {
    if (event.type !== "session") tell(event);
  };
}
