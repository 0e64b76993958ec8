import type { Check, Finding, Surroundings } from "./check.ts";
import { agentsAreReady } from "./checks/agents.ts";
import { configIsValid } from "./checks/config-files.ts";
import { diskSpace } from "./checks/disk-space.ts";
import { gitVersion } from "./checks/git-version.ts";
import { githubAccess } from "./checks/github-access.ts";
import { homeIsWritable } from "./checks/home-folder.ts";
import { nodeVersion } from "./checks/node-version.ts";
import { port } from "./checks/port.ts";
import { sandboxWorks } from "./checks/sandbox.ts";
import { tokenIsPrivate } from "./checks/token-file.ts";

const checks: Check[] = [
  nodeVersion,
  gitVersion,
  configIsValid,
  homeIsWritable,
  tokenIsPrivate,
  diskSpace,
  port,
  sandboxWorks,
  agentsAreReady,
  githubAccess,
];

/** Looks at everything that tasks need on this machine. */
export async function examine(surroundings: Surroundings): Promise<Finding[]> {
  const findings = await Promise.all(checks.map((check) => check(surroundings)));
  return findings.flat();
}
