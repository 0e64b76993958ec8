import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Repositories } from "@ampx/api";
import { taskDefaults, UserError } from "@ampx/core";
import { defaultBase } from "@ampx/core/base-name";
import { resolveRepository, type Repository } from "@ampx/worker/git/index";
import { isRemote } from "@ampx/worker/git/remote-url";
import { resolveBase, resolveBranch } from "@ampx/worker/git/resolve-branch";
import { gitHubAddressOf } from "@ampx/worker/github/names";
import { readProjects } from "../projects.ts";
import { readConfig, readProjectConfig } from "./server-config.ts";

/** Finds repositories by path, by project folder or by the name of a registered project. Who asks while another one looks for the same gets the same answer: many tasks made at once cost one look. */
export function findRepository(home: string, env: NodeJS.ProcessEnv): Repositories {
  const looks = new Map<string, Promise<Look>>();
  const look = (asked: string, askedBase: string | undefined): Promise<Look> => {
    const key = `${asked}\n${askedBase ?? ""}`;
    const found =
      looks.get(key) ?? lookFor(asked, askedBase, home, env).finally(() => looks.delete(key));
    looks.set(key, found);
    return found;
  };
  return {
    async resolve(asked, askedBase, askedBranch) {
      const { place, repository } = await look(asked, askedBase);
      if (repository !== null && askedBranch !== undefined)
        resolveBranch(repository, place.base, askedBranch);
      return place;
    },
  };
}

interface Look {
  place: Awaited<ReturnType<Repositories["resolve"]>>;
  /** Null for one on GitHub: its branches are the worker's to ask for, as credentials live there alone. */
  repository: Repository | null;
}

async function lookFor(
  asked: string,
  askedBase: string | undefined,
  home: string,
  env: NodeJS.ProcessEnv,
): Promise<Look> {
  const onGitHub = await gitHubOf(asked, home, env);
  if (onGitHub !== null) {
    const base = askedBase ?? defaultBase;
    return { place: { repo: onGitHub, base, hasIssues: true }, repository: null };
  }
  const repository = await resolveRepository(await pathOf(asked, home), { cwd: home });
  const base = resolveBase(repository, askedBase);
  const config = await readProjectConfig(env, repository, base);
  return {
    place: { repo: repository.url, base, defaults: taskDefaults(config) },
    repository,
  };
}

/** The address of a repository on the configured GitHub: by its name or address, or by a clone of it on this machine. Null for any other. */
async function gitHubOf(
  asked: string,
  home: string,
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  const { github } = await readConfig(env);
  const isName = /^[^/\s]+\/[^/\s]+$/.test(asked) && !(await readProjects(home)).has(asked);
  const isAddress = isRemote(asked);
  const given = isName || isAddress ? asked : await originOf(asked);
  if (given === null) return null;
  const address = gitHubAddressOf(given, github);
  if (address === null) return null;
  const { owner, name, over } = address;
  const { origin, hostname } = new URL(github.url);
  return over === "ssh"
    ? `ssh://git@${hostname}/${owner}/${name}.git`
    : `${origin}/${owner}/${name}.git`;
}

/** Where an ordinary clone was cloned from; a bare repository is a remote itself. */
async function originOf(path: string): Promise<string | null> {
  if (!path.startsWith("/")) return null;
  const config = ["-C", path, "config", "--get", "remote.origin.url"];
  const bare = ["-C", path, "rev-parse", "--is-bare-repository"];
  try {
    if ((await promisify(execFile)("git", bare)).stdout.trim() === "true") return null;
    return (await promisify(execFile)("git", config)).stdout.trim();
  } catch {
    // No repository, or one without an origin: whoever looks at the path itself says so.
    return null;
  }
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
