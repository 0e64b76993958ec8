import { randomBytes } from "node:crypto";
import { digestSecrets } from "@ampx/api/secret-digests";
import { secretValues } from "@ampx/core/redact-environment";
import type { KnownSecretsAnswer } from "./known-secrets.ts";
import { readConfig } from "./server-config.ts";
import { startFailure } from "./start-failure.ts";

process.stdout.write(JSON.stringify(await answer()));

async function answer(): Promise<KnownSecretsAnswer> {
  try {
    const { secret_env: names } = await readConfig(process.env);
    return {
      is: "known",
      secrets: {
        names,
        digests: digestSecrets(
          secretValues(process.env, names),
          randomBytes(16).toString("base64url"),
        ),
      },
    };
  } catch (error) {
    return { is: "failed", failure: startFailure(error) };
  }
}
