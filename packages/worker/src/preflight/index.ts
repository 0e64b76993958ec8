import type { Millis } from "@ampx/core";
import { createLineRedactor } from "@ampx/core/redact";
import { scriptEnvironment } from "../local-ci/ci-environment.ts";
import { CiLog } from "../local-ci/ci-log.ts";
import { runScript } from "../local-ci/run-script.ts";
import type { Preflight } from "../ports.ts";

export interface PreflightOptions {
  /** Lines for `/bin/sh`, as the project wrote them. */
  commands: readonly string[];
  /** For all together. */
  timeoutMs: Millis;
  /** The worker's environment, of which the commands get the harmless part, as `ci.sh` does. */
  env: Readonly<Record<string, string | undefined>>;
  /** Values that must not appear in the log. */
  secrets: readonly string[];
}

const maxLogBytes = 64_000_000;
const graceMs = 2_000;

/** Runs a project's quick checks as processes of this machine. */
export function localPreflight({ commands, timeoutMs, env, secrets }: PreflightOptions): Preflight {
  return {
    async run({ cwd, tmp, mark, logFile }, signal) {
      await using log = await CiLog.open(logFile, {
        redactLine: createLineRedactor(secrets),
        maxBytes: maxLogBytes,
      });
      const deadline = performance.now() + timeoutMs;
      for (const command of commands) {
        await log.say(`$ ${command}`);
        const end = await runScript(
          {
            command: ["/bin/sh", "-c", command],
            cwd,
            env: scriptEnvironment(env, { mark, tmp }),
            mark,
            timeoutMs: Math.max(0, deadline - performance.now()),
            graceMs,
          },
          log,
          signal,
        );
        if (end.is === "exited" && end.code === 0) continue;
        await log.say(`[ampx: "${command}" ${howItEnded(end, timeoutMs)}]`);
        await log.finish();
        return { is: "failed", command };
      }
      await log.finish();
      return { is: "passed" };
    },
  };
}

function howItEnded(end: Awaited<ReturnType<typeof runScript>>, timeoutMs: Millis): string {
  switch (end.is) {
    case "exited":
      return `ended with exit code ${end.code}`;
    case "killed":
      return `was ended by ${end.signal}`;
    case "timed_out":
      return `did not end in time: all checks together have ${Math.round(timeoutMs / 6_000) / 10} minutes`;
  }
}
