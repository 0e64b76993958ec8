import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "@ampx/core";
import { connectGitHub, examineGitHub, gitHubAddressOf } from "@ampx/worker/github/index";
import { readConfig } from "../../server/server-config.ts";
import type { Check, Finding } from "../check.ts";

const patienceMs = 20_000;

/**
 * Who the worker is for GitHub, and what the loop needs and it may not do: in the repository that the user stands in, if that is there. Looks with
 * the environment of this command, which a worker that runs already may not share.
 */
export const githubAccess: Check = async ({ env, running }) => {
  const config = await readConfig(env).catch((error: unknown) => {
    // Told by the check of the configuration.
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (config === undefined) return [];
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const clock = { now: Date.now, awake: () => performance.now(), sleep: async () => {} };
    const github = await connectGitHub({ config: config.github, env, clock }, signal);
    const origin = await originHere();
    const address = origin === null ? null : gitHubAddressOf(origin, config.github);
    const findings = await examineGitHub(github, address, signal);
    return [
      ...otherServer(running?.status.github_url, config.github.url),
      ...findings.map(({ is, detail, tryThis }): Finding => ({
        name: "GitHub",
        is,
        detail,
        ...(tryThis !== undefined && { try_this: tryThis }),
      })),
    ];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message: detail, tryThis } = error;
    return [
      {
        name: "GitHub",
        is: "missing",
        detail,
        ...(tryThis !== undefined && { try_this: tryThis }),
      },
    ];
  }
};

/** A server goes on with what it was started with. */
function otherServer(running: string | undefined, asked: string): Finding[] {
  const { origin } = new URL(asked);
  if (running === undefined || new URL(running).origin === origin) return [];
  return [
    {
      name: "GitHub",
      is: "note",
      detail: `the server that runs is for ${running}; looked at is ${origin}`,
      try_this: `ampx stop && ampx serve --detach --github-url ${origin}`,
    },
  ];
}

async function originHere(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["config", "--get", "remote.origin.url"]);
    return stdout.trim();
  } catch {
    // Not in a repository, or in one without an origin.
    return null;
  }
}
