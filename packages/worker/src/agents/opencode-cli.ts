import { join } from "node:path";
import { type InstalledProgram, readFlags } from "./installed-program.ts";
import { textOf } from "./text-of.ts";

/** The options of `opencode run`. */
export function askFlags(
  command: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<Pick<InstalledProgram, "flags" | "fault">> {
  return readFlags("opencode", command, ["run", "--help"], env, signal);
}

/** Keys of the providers that opencode knows. GitHub's is left out: it is the worker's. */
const keys = [
  "OPENCODE_API_KEY",
  "ANTHROPIC_API_KEY",
  "OPENAI_API_KEY",
  "OPENROUTER_API_KEY",
  "GEMINI_API_KEY",
  "GOOGLE_GENERATIVE_AI_API_KEY",
  "GROQ_API_KEY",
  "MISTRAL_API_KEY",
  "XAI_API_KEY",
  "DEEPSEEK_API_KEY",
  "MOONSHOT_API_KEY",
  "ZHIPU_API_KEY",
  "CEREBRAS_API_KEY",
  "TOGETHER_API_KEY",
  "FIREWORKS_API_KEY",
];

const configs = ["OPENCODE_CONFIG", "OPENCODE_CONFIG_DIR", "OPENCODE_CONFIG_CONTENT"];

/** The variables of the environment that opencode reads. */
export const opencodeVariables = [
  ...keys,
  ...configs,
  "OPENCODE_AUTH_CONTENT",
  "OPENCODE_MODELS_URL",
  "OPENCODE_MODELS_PATH",
  "OPENCODE_DISABLE_MODELS_FETCH",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "XDG_CACHE_HOME",
  "XDG_STATE_HOME",
];

/**
 * Whether there is anything that could name a provider: a login, a key, a configuration. Reads opencode's files itself, for
 * opencode makes some whenever it is asked.
 */
export async function hasProvider(env: Record<string, string>): Promise<boolean> {
  const given = [...keys, ...configs, "OPENCODE_AUTH_CONTENT"];
  if (given.some((name) => (env[name] ?? "") !== "")) return true;
  const home = env["HOME"] ?? "/";
  const data = join(env["XDG_DATA_HOME"] ?? join(home, ".local/share"), "opencode/auth.json");
  const config = join(env["XDG_CONFIG_HOME"] ?? join(home, ".config"), "opencode");
  if (/"type"/.test((await textOf(data)) ?? "")) return true;
  const files = ["opencode.json", "opencode.jsonc", "config.json"];
  const texts = await Promise.all(files.map((file) => textOf(join(config, file))));
  return texts.some((text) => /"provider"/.test(text ?? ""));
}

/** What may stand in the way of opencode, and what to do about it. */
export const opencodeProblems = {
  notInstalled: (name: string) => ({
    what: `opencode ("${name}") is not installed`,
    tryThis:
      "see https://opencode.ai/docs for how to install it, or set agents.opencode.command to its path",
  }),
  noProvider: {
    what: "opencode is not signed in: it has no login, no provider in its configuration, and no key in the worker's environment",
    tryThis:
      "run `opencode auth login`, or start the server with a provider's key set, such as ANTHROPIC_API_KEY",
  },
  faulty: (fault: string) => ({
    what: `opencode does not run: ${fault}`,
    tryThis: "run it by hand to see what is wrong, and reinstall it",
  }),
};
