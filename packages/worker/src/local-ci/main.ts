import { parseArgs } from "node:util";
import { UserError } from "@ampx/core/user-error";
import { ciRunReport } from "./ci-run-report.ts";
import { runCi } from "./run-ci.ts";
import { runnerSecrets } from "./runner-secrets.ts";

// The detached runner without a command line interface around it: node main.ts <repo> <ref> <sha> [--base <branch>] [--timeout-minutes <n>]

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => stop.abort());

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { base: { type: "string" }, "timeout-minutes": { type: "string" } },
});
const [repo, ref, sha, ...rest] = positionals;
const timeoutMs = Number(values["timeout-minutes"] ?? 30) * 60_000;

if (
  repo === undefined ||
  ref === undefined ||
  sha === undefined ||
  rest.length > 0 ||
  !(timeoutMs > 0)
) {
  process.stderr.write(
    "Usage: ci run <repo> <ref> <sha> [--base <branch>] [--timeout-minutes <n>]\n",
  );
  process.exitCode = 2;
} else {
  try {
    const base = values.base === undefined ? {} : { base: values.base };
    const run = await runCi(
      {
        repo,
        ref,
        sha,
        ...base,
        timeoutMs,
        env: process.env,
        secrets: await runnerSecrets(process.env),
      },
      stop.signal,
    );
    const { text, exitCode } = ciRunReport(run);
    process.stdout.write(`${text}\n`);
    process.exitCode = exitCode;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(
      `${error.message}${error.tryThis === undefined ? "" : `\n  Try: ${error.tryThis}`}\n`,
    );
    process.exitCode = 1;
  }
}
