import { type CiRun, ciRunReport, runCi, runnerSecrets } from "@ampx/worker/local-ci/index";

export interface LocalCiRequest {
  repo: string;
  ref: string;
  sha: string;
  base: string | undefined;
  timeoutMinutes: number | undefined;
  env: NodeJS.ProcessEnv;
}

/** Judges a commit on this machine, see `runCi`, and says how it went. */
export async function runLocalCi(
  { base, timeoutMinutes, ...request }: LocalCiRequest,
  signal: AbortSignal,
): Promise<{ text: string; exitCode: number; run: CiRun }> {
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
