import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Repositories } from "@ampx/api";
import { UserError } from "@ampx/core";
import { resolveRepository } from "@ampx/worker/git/index";
import { resolveBase, resolveBranch } from "@ampx/worker/git/resolve-branch";
import { readProjects } from "../projects.ts";
import { readProjectConfig } from "./server-config.ts";

/** Finds repositories by path, by project folder or by the name of a registered project. */
export function findRepository(home: string, env: NodeJS.ProcessEnv): Repositories {
  return {
    async resolve(asked, askedBase, askedBranch) {
      const repository = await resolveRepository(await pathOf(asked, home), { cwd: home });
      const base = resolveBase(repository, askedBase);
      if (askedBranch !== undefined) resolveBranch(repository, base, askedBranch);
      const config = await readProjectConfig(env, repository, base);
      const {
        agent,
        max_attempts: maxAttempts,
        max_minutes: maxMinutes,
        branch_prefix: branchPrefix,
        agent_fallbacks: fallbacks,
        max_usd: maxUsd,
        max_tokens: maxTokens,
      } = config;
      return {
        repo: repository.url,
        base,
        defaults: {
          agent,
          maxAttempts,
          maxMinutes,
          branchPrefix,
          fallbacks,
          maxUsd,
          maxTokens,
        },
      };
    },
  };
}

async function pathOf(asked: string, home: string): Promise<string> {
  if (/^[a-z][a-z0-9+.-]*:/i.test(asked)) return asked;
  if (asked.startsWith("/"))
    return (await isFolder(join(asked, "repo.git"))) ? join(asked, "repo.git") : asked;
  const projects = await readProjects(home);
  const repo = projects.get(asked);
  if (repo !== undefined) return repo;
  const names = [...projects.keys()];
  throw new UserError(`There is no project ${JSON.stringify(asked)}`, {
    kind: "not_found",
    tryThis:
      names.length === 0
        ? "the path of a repository, or ampx init for a new project"
        : `one of ${names.join(", ")}, or the path of a repository`,
  });
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}
