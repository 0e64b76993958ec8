import { resolve } from "node:path";
import { resolveRepository } from "@ampx/worker/git/index";
import { type CiRun, ciRunReport, runCi, runnerSecrets } from "@ampx/worker/local-ci/index";
import { readProjectConfig } from "./server/server-config.ts";

export interface LocalCiRequest {
  repo: string;
  ref: string;
  sha: string;
  base: string | undefined;
  timeoutMinutes: number | undefined;
  env: NodeJS.ProcessEnv;
}

/**
 * Judges a commit on this machine, see `runCi`, and says how it went. Without a limit of time the project's config has one; a config
 * that cannot be read stops no CI: `warn` is told, and the default counts.
 */
export async function runLocalCi(
  { base, timeoutMinutes: asked, ...request }: LocalCiRequest,
  signal: AbortSignal,
  warn: (text: string) => void,
): Promise<{ text: string; exitCode: number; run: CiRun }> {
  const timeoutMinutes = asked ?? (await configuredMinutes(request, base, signal, warn));
  const run = await runCi(
    {
      ...request,
      ...(base !== undefined && { base }),
      ...(timeoutMinutes !== undefined && { timeoutMs: timeoutMinutes * 60_000 }),
      secrets: await runnerSecrets(request.env),
    },
    signal,
  );
  return { ...ciRunReport(run), run };
}

async function configuredMinutes(
  { repo, env }: { repo: string; env: NodeJS.ProcessEnv },
  base: string | undefined,
  signal: AbortSignal,
  warn: (text: string) => void,
): Promise<number | undefined> {
  const repository = await resolveRepository(repo, { cwd: resolve("."), signal }).catch(
    // The run itself asks again, and says so.
    () => undefined,
  );
  if (repository === undefined) return undefined;
  try {
    const config = await readProjectConfig(env, repository, base ?? repository.defaultBranch);
    return config.ci.timeout_minutes;
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    warn(`The project's config is not read, so ci.sh may take the default time: ${cause}`);
    return undefined;
  }
}
