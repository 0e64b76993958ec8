import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Millis, Sha } from "@ampx/core";
import { createLineRedactor } from "@ampx/core/redact";
import type { Repository } from "../git/repository.ts";
import { checkOut, placeScript } from "./checkout.ts";
import { scriptEnvironment } from "./ci-environment.ts";
import { CiLog } from "./ci-log.ts";
import type { CiPaths } from "./ci-paths.ts";
import { commandFor, scriptContent, type CiScript } from "./ci-script.ts";
import { runScript, type ScriptEnd } from "./run-script.ts";

export interface JudgingOptions {
  /** `ci.sh` that takes longer has failed. 30 minutes by default. */
  timeoutMs?: Millis;
  /** The runner's own environment, of which `ci.sh` gets the harmless part. */
  env: Readonly<Record<string, string | undefined>>;
  /** Values that must not appear in the log or the status. */
  secrets: Iterable<string>;
  /** Beyond this size the log keeps only its end. 256 MB by default. */
  maxLogBytes?: number;
  /** How long `ci.sh` is given to obey each signal when it is ended. */
  graceMs?: Millis;
}

export interface Judging {
  repository: Repository;
  ref: string;
  sha: Sha;
  script: Extract<CiScript, { is: "found" }>;
  paths: CiPaths;
  /** The run's temporary folder, still to be made; the caller removes it. */
  folder: string;
  options: JudgingOptions;
}

/**
 * Checks the commit out, runs its script to the end and keeps the log. Throws for whatever says nothing about the commit: no disk, a broken
 * checkout, a script that somebody killed; and the signal's reason when aborted.
 */
export async function judgeCommit(
  judging: Judging,
  signal: AbortSignal,
): Promise<{ end: ScriptEnd; output: string }> {
  const { repository, ref, sha, script, paths, folder, options } = judging;
  const mark = paths.scriptMark;
  const checkout = join(folder, "checkout");
  const tmp = join(folder, "tmp");
  await mkdir(folder, { mode: 0o700 });
  await mkdir(tmp);
  await checkOut(repository, sha, { folder: checkout, mark }, signal);
  const file = script.from === "beside" ? script.file : join(checkout, "ci.sh");
  if (script.from === "base")
    await placeScript(file, await scriptContent(repository, script.blob, signal));

  const { timeoutMs = 30 * 60_000, graceMs = 2_000, maxLogBytes = 256_000_000 } = options;
  await using log = await CiLog.open(paths.log, {
    redactLine: createLineRedactor(options.secrets),
    maxBytes: maxLogBytes,
  });
  const end = await runScript(
    {
      command: [...(await commandFor(file)), repository.url, ref, sha],
      cwd: checkout,
      env: scriptEnvironment(options.env, { mark, tmp }),
      mark,
      timeoutMs,
      graceMs,
    },
    log,
    signal,
  );
  if (end.is === "killed") {
    // The machine shuts down, is out of memory, or a person meant it: nothing that the commit is to blame for.
    if (endedFromOutside.has(end.signal)) throw new Error(`ci.sh was ended by ${end.signal}`);
    await log.say(`[ampx: ci.sh was ended by ${end.signal}]`);
  }
  if (end.is === "timed_out")
    await log.say(`[ampx: ci.sh did not end within ${inWords(timeoutMs)} and was ended]`);
  return { end, output: await log.finish() };
}

const endedFromOutside = new Set<NodeJS.Signals>(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"]);

function inWords(ms: Millis): string {
  return ms < 60_000 ? `${ms / 1_000} seconds` : `${Math.round(ms / 6_000) / 10} minutes`;
}
