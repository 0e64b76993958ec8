import { readFile } from "node:fs/promises";
import { loadConfig } from "@ampx/core/config";
import { homeFolder, homePaths, userConfigFile } from "@ampx/core/home";
import { secretValues } from "@ampx/core/redact-environment";
import { UserError } from "@ampx/core/user-error";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What a runner keeps out of its log: the secrets of its environment, those whose variables the user's configuration names, and
 * the API's token. Whoever pushes may have no home, or one that is none of theirs to read: then there are no more than the first.
 */
export async function runnerSecrets(env: Environment): Promise<string[]> {
  const { names, token } = await ofHome(env).catch((error: unknown) => {
    if (error instanceof UserError || (error instanceof Error && "code" in error))
      return { names: [], token: "" };
    throw error;
  });
  return [...secretValues(env, names), ...(token === "" ? [] : [token])];
}

async function ofHome(env: Environment): Promise<{ names: string[]; token: string }> {
  const file = userConfigFile(env);
  const text = await textIfThere(file);
  const { config } = loadConfig({ userYaml: text === null ? null : { file, text } });
  const token = (await textIfThere(homePaths(homeFolder(env)).token)) ?? "";
  return { names: config.secret_env, token: token.trim() };
}

async function textIfThere(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  });
}
