import { readFile } from "node:fs/promises";
import { homeFolder, homePaths, userConfigFile } from "@ampx/core/home";
import { secretValues } from "@ampx/core/redact-environment";
import { UserError } from "@ampx/core/user-error";
import { parse } from "yaml";

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
  const names = namesIn((await textIfThere(userConfigFile(env))) ?? "");
  const token = (await textIfThere(homePaths(homeFolder(env)).token)) ?? "";
  return { names, token: token.trim() };
}

/** Whatever else is wrong with the file, what it calls secret is. The schema of all settings would be a quarter of a runner's start. */
function namesIn(config: string): string[] {
  let found: unknown;
  try {
    // Silent, it reads as far as it can.
    found = parse(config, { logLevel: "silent", uniqueKeys: false });
  } catch {
    return [];
  }
  if (typeof found !== "object" || found === null || !("secret_env" in found)) return [];
  const { secret_env: names } = found;
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

async function textIfThere(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  });
}
