import { join } from "node:path";
import { z } from "zod";
import { askProgram } from "./ask-program.ts";
import { textOf } from "./text-of.ts";

/** What stands for a login in the environment; of the clouds, the names of their own keys go into agent_env. */
const logins = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"];
const clouds = ["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"];

/** The variables of the environment that Claude Code reads. */
export const claudeVariables = [
  ...logins,
  ...clouds,
  "ANTHROPIC_BASE_URL",
  "ANTHROPIC_CUSTOM_HEADERS",
  "ANTHROPIC_MODEL",
  "ANTHROPIC_DEFAULT_FABLE_MODEL",
  "ANTHROPIC_DEFAULT_HAIKU_MODEL",
  "ANTHROPIC_DEFAULT_OPUS_MODEL",
  "ANTHROPIC_DEFAULT_SONNET_MODEL",
  "ANTHROPIC_SMALL_FAST_MODEL",
  "ANTHROPIC_BEDROCK_BASE_URL",
  "ANTHROPIC_FOUNDRY_BASE_URL",
  "ANTHROPIC_FOUNDRY_RESOURCE",
  "ANTHROPIC_VERTEX_BASE_URL",
  "ANTHROPIC_VERTEX_PROJECT_ID",
  "CLAUDE_CONFIG_DIR",
  "CLAUDE_CODE_EFFORT_LEVEL",
  "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
  "CLAUDE_CODE_MAX_RETRIES",
  "MAX_THINKING_TOKENS",
];

const Status = z.object({ loggedIn: z.boolean() });

/**
 * Whether somebody is signed in, as far as can be known without asking the provider. Claude Code is asked, for a login may lie in a
 * keychain; but not where it has never run, for it would make files there.
 */
export async function claudeIsSignedIn(
  command: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<boolean> {
  if ([...logins, ...clouds].some((name) => (env[name] ?? "") !== "")) return true;
  const home = env["HOME"] ?? "/";
  const folder = env["CLAUDE_CONFIG_DIR"];
  if ((await textOf(join(folder ?? home, ".claude.json"))) === null)
    return hasLoginFile(folder ?? join(home, ".claude"));
  const { text } = await askProgram(command, ["auth", "status"], env, signal, { asPerson: true });
  // An older one does not know the question: it is not kept from trying.
  return statusIn(text)?.loggedIn ?? true;
}

/** What an administrator, or a copy of another machine's files, may have put there. */
async function hasLoginFile(folder: string): Promise<boolean> {
  if ((await textOf(join(folder, ".credentials.json"))) !== null) return true;
  const settings = (await textOf(join(folder, "settings.json"))) ?? "";
  return /"apiKeyHelper"|"ANTHROPIC_\w+"|"CLAUDE_CODE_USE_\w+"/.test(settings);
}

function statusIn(text: string): z.infer<typeof Status> | undefined {
  try {
    return Status.safeParse(JSON.parse(text)).data;
  } catch {
    // No answer to what was asked.
    return undefined;
  }
}

/** What may stand in the way of Claude Code, and what to do about it. */
export const claudeProblems = {
  notInstalled: (name: string) => ({
    what: `Claude Code ("${name}") is not installed`,
    tryThis:
      "see https://code.claude.com/docs for how to install it, or set agents.claude.command to its path",
  }),
  notSignedIn: {
    what: "Claude Code is not signed in",
    tryThis:
      "run `claude auth login` as the user of the server, or start the server with ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN set",
  },
  faulty: (fault: string) => ({
    what: `Claude Code does not run: ${fault}`,
    tryThis: /native binary not installed/i.test(fault)
      ? "its platform package is missing: reinstall it with its install script and optional dependencies allowed"
      : "run it by hand to see what is wrong, and reinstall it",
  }),
};
