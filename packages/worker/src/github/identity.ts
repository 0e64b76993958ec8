import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { UserError, type Config } from "@ampx/core";
import type { Identity } from "./credentials.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a token is looked for when no other variable is configured. */
export const tokenNames = ["AMPX_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"];

/**
 * Who the worker is for GitHub: the configured App, else a token of the environment, else the login of `gh`, else nobody. Throws a `UserError`
 * when half an App is configured, or its key cannot be read.
 */
export async function findIdentity(
  config: Config["github"],
  env: Environment,
  signal: AbortSignal,
): Promise<Identity> {
  const { app_id: appId, private_key_file: keyFile } = config;
  if (appId !== undefined) {
    const privateKey = await readKey(keyFile, env);
    return { is: "app", appId, privateKey };
  }
  const names = config.token_env === undefined ? tokenNames : [config.token_env];
  for (const name of names) {
    const token = env[name]?.trim() ?? "";
    if (token !== "") return { is: "token", token, from: name };
  }
  if (config.token_env !== undefined)
    throw new UserError(`${config.token_env} is not set, which github.token_env names`, {
      kind: "unauthorized",
      tryThis: `${config.token_env}=… ampx serve`,
    });
  const token = await ghToken(new URL(config.url).host, env, signal);
  return token === null ? { is: "nobody" } : { is: "token", token, from: "gh auth token" };
}

async function readKey(file: string | undefined, env: Environment): Promise<string> {
  const value = env["AMPX_GITHUB_PRIVATE_KEY"]?.trim() ?? "";
  if (file === undefined && value !== "") return value;
  if (file === undefined)
    throw new UserError("github.app_id is set, and the App has no private key", {
      kind: "invalid",
      tryThis: "github.private_key_file, or the key itself in AMPX_GITHUB_PRIVATE_KEY",
    });
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new UserError(`The private key of the GitHub App cannot be read: ${file}`, {
      kind: "invalid",
      tryThis: "github.private_key_file: the .pem file that GitHub gave",
      cause,
    });
  }
}

async function ghToken(
  host: string,
  env: Environment,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("gh", ["auth", "token", "--hostname", host], {
      env: { ...env },
      timeout: 10_000,
      signal,
    });
    return stdout.trim() === "" ? null : stdout.trim();
  } catch {
    // Not installed, or not logged in: then it has none.
    signal.throwIfAborted();
    return null;
  }
}
