import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { trustedJson } from "../http/trusted-json.ts";
import { type StartFailure, userErrorOf } from "./start-failure.ts";

export interface KnownSecrets {
  /** For the API to find secrets in prompts without having them. */
  digests: string;
  /** Variables that hold secrets though their names do not say so. */
  names: string[];
}

/** What `known-secrets-main` prints. */
export type KnownSecretsAnswer =
  | { is: "known"; secrets: KnownSecrets }
  | { is: "failed"; failure: StartFailure };

/**
 * The secrets of this environment as others may know them. A process of its own looks: what it loads would stay in the
 * supervisor's memory. Throws a `UserError` when the configuration is not valid.
 */
export async function knownSecrets(program: string, env: NodeJS.ProcessEnv): Promise<KnownSecrets> {
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    env,
    maxBuffer: 16 * 1024 * 1024,
  });
  const answer = trustedJson<KnownSecretsAnswer>(stdout);
  if (answer.is === "failed") throw userErrorOf(answer.failure);
  return answer.secrets;
}
