import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Ci, Forge, WorkerDeps } from "@ampx/worker";
import { execa } from "execa";

/** Troubles of the world that a scenario asks for by environment; each strikes once, whatever is killed and started again. */
export function withTroubles(deps: WorkerDeps, env: NodeJS.ProcessEnv): WorkerDeps {
  const once = (name: string) => {
    const mark = join(env["WORLD_ROOT"] ?? "", `${name}.happened`);
    if (env[name] === undefined || existsSync(mark)) return false;
    writeFileSync(mark, "");
    return true;
  };
  return {
    ...deps,
    async portsFor(state, mark) {
      const ports = await deps.portsFor(state, mark);
      const verdict: Ci["verdict"] = async (sha, signal) => {
        const silentUntil = env["WORLD_CI_SILENT"];
        if (silentUntil !== undefined && !existsSync(silentUntil))
          return { is: "running", run: null, reason: "no runner is free", endsItself: false };
        if (once("WORLD_CI_BROKEN"))
          return { is: "errored", run: null, cause: "no space left on device" };
        return ports.ci.verdict(sha, signal);
      };
      const merge: Forge["merge"] = async (sha, expectedBase, signal) => {
        if (once("WORLD_MOVE_BASE_BEFORE_MERGE")) await commitToMain(state.task.repo);
        return ports.forge.merge(sha, expectedBase, signal);
      };
      return { ...ports, ci: { ...ports.ci, verdict }, forge: { ...ports.forge, merge } };
    },
  };
}

async function commitToMain(repo: string): Promise<void> {
  const git = async (...args: string[]) =>
    (
      await execa("git", ["-c", "user.name=Kim", "-c", "user.email=kim@example.org", ...args], {
        cwd: repo,
      })
    ).stdout.trim();
  const commit = await git("commit-tree", "main^{tree}", "-p", "main", "-m", "At the last moment");
  await git("update-ref", "refs/heads/main", commit);
}
