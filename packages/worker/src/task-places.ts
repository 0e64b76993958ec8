import type { Config, Task } from "@ampx/core";
import type { RateLimit } from "@ampx/store";
import { resolveRepository, type Repository } from "./git/index.ts";
import {
  connectGitHub,
  gitHubAddressOf,
  gitHubPlace,
  type GitHub,
  type GitHubPlace,
} from "./github/index.ts";
import type { Clock } from "./ports.ts";

/** Where a task's change goes, and what its project says. */
export interface TaskPlace {
  repository: Repository;
  /** The branch that the change is for, by its name. */
  base: string;
  /** The worker's config with the project's settings. */
  config: Config;
  /** The project's words for every agent. */
  preamble: string;
  /** Undefined: the repository is on this machine. */
  gitHub?: { connected: GitHub; place: GitHubPlace };
}

export interface TaskPlacesOptions {
  home: string;
  config: Config;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  projectOf(repository: Repository, base: string): Promise<{ config: Config; preamble: string }>;
}

export interface TaskPlaces {
  /** Finds the place of a task, once in a while: a repository and its project's config are not looked at anew at every look at CI. Failures are not remembered. */
  placeOf(task: Task): Promise<TaskPlace>;
  /** The worker's one connection to GitHub. */
  connect(signal: AbortSignal): Promise<GitHub>;
  /** What is left of the hour's requests, by scope of its tokens; empty until it has been used. */
  rateLimits(): RateLimit[];
}

export function taskPlaces(options: TaskPlacesOptions): TaskPlaces {
  const { home, config, env, clock, projectOf } = options;
  const known = new Map<string, { place: Promise<TaskPlace>; until: number }>();

  // Who the worker is for GitHub is found out once it has to do with it.
  let github: Promise<GitHub> | undefined;
  let connected: GitHub | undefined;
  const connect = (signal: AbortSignal): Promise<GitHub> => {
    const connecting = (github ??= connectGitHub({ config: config.github, env, clock }, signal));
    connecting.then(
      (found) => (connected = found),
      () => (github = undefined),
    );
    return connecting;
  };
  const rateLimits = (): RateLimit[] => {
    const host = new URL(config.github.url).host;
    return (connected?.client.left() ?? []).map(({ scope, left }) => {
      const { limit, remaining, resetAt } = left;
      return { host, scope, requests: limit, remaining, resetsAt: resetAt };
    });
  };

  const find = async (task: Task): Promise<TaskPlace> => {
    const address = gitHubAddressOf(task.repo, config.github);
    if (address === null) {
      const repository = await resolveRepository(task.repo, { cwd: home });
      return { repository, base: task.base, ...(await projectOf(repository, task.base)) };
    }
    const signal = AbortSignal.timeout(placePatienceMs);
    const gitHub = await connect(signal);
    const asked = { address, base: task.base, home, identity: config.git };
    const place = await gitHubPlace(gitHub, asked, signal);
    const { repository, base } = place;
    const project = await projectOf(repository, base);
    return { repository, base, gitHub: { connected: gitHub, place }, ...project };
  };

  const placeOf = async (task: Task): Promise<TaskPlace> => {
    const key = `${task.base}\n${task.repo}`;
    const found = known.get(key);
    if (found !== undefined && clock.now() < found.until) {
      const place = await found.place;
      if (place.gitHub?.place.isStale !== true) return place;
    }
    // Whoever asks meanwhile waits for the same answer.
    const entry = { place: find(task), until: Infinity };
    known.set(key, entry);
    try {
      const place = await entry.place;
      entry.until = clock.now() + (place.gitHub === undefined ? localKeptMs : gitHubKeptMs);
      return place;
    } catch (error) {
      if (known.get(key) === entry) known.delete(key);
      throw error;
    }
  };
  return { placeOf, connect, rateLimits };
}

const localKeptMs = 30_000;
/** One on GitHub has to be asked and fetched for it. */
const gitHubKeptMs = 15 * 60_000;
/** For the first fetch of a large repository. */
export const placePatienceMs = 15 * 60_000;
