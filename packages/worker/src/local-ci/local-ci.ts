import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type CiVerdict, type Sha, TransientError } from "@ampx/core";
import { readProcessLock } from "@ampx/store";
import { tryGit } from "../git/git.ts";
import type { Repository } from "../git/repository.ts";
import type { Ci } from "../ports.ts";
import { cancelRun, clearDeadRun } from "./cancel-run.ts";
import { runnerEnvironment } from "./ci-environment.ts";
import { ciPaths, type CiPaths } from "./ci-paths.ts";
import { findScript } from "./ci-script.ts";
import { readFault, readStatus } from "./ci-status.ts";
import { counts } from "./run-ci.ts";
import type { RunWatch } from "./run-watch.ts";
import { startRunner } from "./start-runner.ts";

export interface LocalCiOptions {
  repository: Repository;
  /** The branch that is pushed. */
  branch: string;
  /** The branch whose `ci.sh` counts where none lies beside the repository. */
  base: string;
  /** The command line that runs `ampx ci run`, without its arguments. */
  command: string[];
  timeoutMinutes: number;
  /** The worker's environment; handed on to the runner, which gives `ci.sh` the harmless part. */
  env: Readonly<Record<string, string | undefined>>;
  /** Called as soon as a run has ended that was said to be running. Only a hurry. */
  onEnd?: { watch: RunWatch; call: (sha: Sha) => void };
}

/** How long a started runner may take until it is seen to run. Only a hurry: the next look finds it, too. */
const startPatienceMs = 5_000;

/** When to look again where nobody runs: the next look starts a runner. */
const startAgainMs = 1_000;
/** How long a runner may take to remove its checkout after its verdict. */
const tidyPatienceMs = 60_000;

/** CI of a local repository: reads what the runner of a commit has recorded, and starts one where there is neither a verdict nor a live runner. */
export function localCi(options: LocalCiOptions): Ci {
  const { repository, base, onEnd } = options;
  const pathsOf = (sha: Sha) => ciPaths(repository, sha);
  const look = (sha: Sha) => lookAt(repository, base, sha);

  const judged: Ci["verdict"] = async (sha, signal) => {
    const known = await look(sha);
    if (known !== null) {
      // A runner that was killed between its verdict and its end; of one that still tidies up nothing is taken.
      if (known.is !== "running" && existsSync(pathsOf(sha).lock)) await clearDeadRun(pathsOf(sha));
      return known;
    }
    const hopeless = await whyNotToStart(options, sha, signal);
    if (hopeless !== null) return hopeless;

    const runner = startRunner(
      commandLine(options, sha),
      runnerEnvironment(options.env, pathsOf(sha).runnerMark),
    );
    const ended = runner.ended.then((how) => ({ how }));
    for (let waited = 0; waited < startPatienceMs; waited += 50) {
      const end = await Promise.race([ended, sleep(50, null, { signal })]);
      const found = await look(sha);
      if (found !== null) return found;
      if (end === null) continue;
      // It left the commit to another one, which has ended since: the next look starts anew.
      if (end.how === "exit code 0") break;
      const byHand = commandLine(options, sha).join(" ");
      const cause = `the CI runner ended without a verdict (${end.how}); run it by hand: ${byHand}`;
      return { is: "errored", run: null, cause };
    }
    const reason = "the CI runner starts";
    return {
      is: "running",
      run: runId(sha),
      reason,
      endsItself: false,
      lookAgainMs: startAgainMs,
    };
  };

  const verdict: Ci["verdict"] = async (sha, signal) => {
    const found = await judged(sha, signal);
    if (found.is !== "running" || onEnd === undefined) return found;
    onEnd.watch.expect(pathsOf(sha), () => onEnd.call(sha));
    // It may have ended before anybody listened, or have been killed.
    return (await look(sha)) ?? { ...found, lookAgainMs: startAgainMs };
  };

  return {
    verdict,

    async failures(sha) {
      const paths = pathsOf(sha);
      const found = await readStatus(paths.status, sha);
      if (found.is !== "judged" || found.status.status !== "FAIL") return [];
      // Another tool may have written the status alone, or a person have tidied up.
      if (!existsSync(paths.log)) await writeFile(paths.log, found.status.output);
      return [{ job: "ci.sh", file: paths.log }];
    },

    async rerun(sha, signal) {
      const { lock } = pathsOf(sha);
      // A new runner would leave the commit to the one that has found it red and still tidies up, and the old red would stand.
      for (let waited = 0; ; waited += 50) {
        const known = await look(sha);
        if (known === null || known.is === "passed" || known.is === "running") return;
        const holder = await readProcessLock(lock);
        if (holder === null) break;
        if (waited >= tidyPatienceMs)
          throw new TransientError(
            `CI cannot run again: process ${holder.pid} on ${holder.host} has judged, but lives on (${lock})`,
          );
        await sleep(50, null, { signal });
      }
      await forget(pathsOf(sha));
      await verdict(sha, signal);
    },

    cancel: (sha) => cancelRun(pathsOf(sha)),
  };
}

/** What is known of a commit, or null: nobody has judged it and nobody does. */
async function lookAt(repository: Repository, base: string, sha: Sha): Promise<CiVerdict | null> {
  const paths = ciPaths(repository, sha);
  // The lock first: whoever is gone by then has left all that he had to say.
  const holder = await readProcessLock(paths.lock);
  const found = await readStatus(paths.status, sha);
  if (found.is === "judged" && counts(found.status, repository, base)) {
    return found.status.status === "PASS"
      ? { is: "passed", run: runId(sha) }
      : { is: "failed", run: runId(sha), jobs: ["ci.sh"] };
  }
  if (holder !== null) {
    const reason = `ci.sh runs (process ${holder.pid})`;
    return { is: "running", run: runId(sha), reason, endsItself: true };
  }
  if (found.is === "invalid") return { is: "errored", run: null, cause: found.cause };
  const fault = await readFault(paths.fault, sha);
  return fault === null
    ? null
    : { is: "errored", run: `${runId(sha)}@${fault.timestamp}`, cause: fault.cause };
}

async function whyNotToStart(
  { repository, branch, base }: LocalCiOptions,
  sha: Sha,
  signal: AbortSignal,
): Promise<CiVerdict | null> {
  const { gitDir, url } = repository;
  if (!existsSync(gitDir)) return { is: "errored", run: null, cause: `${url} is gone` };
  const { code } = await tryGit(["cat-file", "-e", `${sha}^{commit}`], {
    cwd: gitDir,
    gitDir,
    signal,
  });
  if (code !== 0) return { is: "errored", run: null, cause: `${url} has no commit ${sha}` };
  const script = await findScript(repository, { ref: `refs/heads/${branch}`, sha, base }, signal);
  return script.is === "none" ? { is: "none", reason: script.reason } : null;
}

function commandLine(
  { command, repository, branch, base, timeoutMinutes }: LocalCiOptions,
  sha: Sha,
): string[] {
  const options = ["--base", base, "--timeout-minutes", String(timeoutMinutes)];
  return [...command, repository.url, `refs/heads/${branch}`, sha, ...options];
}

async function forget(paths: CiPaths): Promise<void> {
  await rm(paths.status, { force: true });
  await rm(paths.fault, { force: true });
}

function runId(sha: Sha): string {
  return `local:${sha}`;
}
