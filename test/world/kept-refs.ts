import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { World } from "./world.ts";

/** What is not a task's own: of the repository and of the copy in the home. Equal before and after means untouched. */
export interface KeptRefs {
  /** Refs of the repository but for the branches of tasks, each with its commit. */
  repository: string[];
  /** The same of the copy; null before there is one. */
  copy: string[] | null;
  /** The copy's config, and its hooks by name. */
  settings: { config: string; hooks: string[] } | null;
}

/** Looks at what no agent may change: all but the branches of tasks, which begin with `amp/`. */
export async function keptRefs(world: World): Promise<KeptRefs> {
  const copyDir = await copyOf(world);
  return {
    repository: await foreignRefs(world, world.repo),
    copy: copyDir === null ? null : await foreignRefs(world, copyDir),
    settings: copyDir === null ? null : await settingsOf(copyDir),
  };
}

/** The one copy in the home of a world. */
export async function copyOf({ home }: World): Promise<string | null> {
  const entries = await readdir(join(home, "repos")).catch(() => [] /* no task has begun yet */);
  const name = entries.find((entry) => entry.endsWith(".git"));
  return name === undefined ? null : join(home, "repos", name);
}

async function foreignRefs(world: World, cwd: string): Promise<string[]> {
  const listing = await world.git(["for-each-ref", "--format=%(objectname) %(refname)"], cwd);
  return listing.split("\n").filter((line) => line !== "" && !ofTask.test(line));
}

const ofTask = / refs\/(?:heads|remotes\/origin)\/amp\//;

async function settingsOf(copyDir: string) {
  const hooks = await readdir(join(copyDir, "hooks")).catch(
    () => [] /* ampx makes no such folder */,
  );
  return { config: await readFile(join(copyDir, "config"), "utf8"), hooks };
}
