import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "@ampx/core/user-error";

/** Throws a `UserError` when gh or its extension for webhooks is not there. */
export async function checkGh(env: NodeJS.ProcessEnv): Promise<void> {
  const { stdout } = await promisify(execFile)("gh", ["extension", "list"], { env }).catch(
    (cause: unknown) => {
      const isAbsent = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
      throw new UserError(isAbsent ? "gh is not installed" : "gh does not tell its extensions", {
        kind: "not_found",
        tryThis: isAbsent
          ? "https://cli.github.com, then gh auth login and gh extension install cli/gh-webhook"
          : "gh extension list",
        cause,
      });
    },
  );
  if (/\bgh[ -]webhook\b/.test(stdout)) return;
  throw new UserError("gh cannot forward webhooks: its extension for that is not installed", {
    kind: "not_found",
    tryThis: "gh extension install cli/gh-webhook",
  });
}
