import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { readProjects } from "./projects.ts";
import { repoOf } from "./task-options.ts";

/** A repository as tasks have it: by its absolute path without symbolic links, whether it is given by path, by project folder or by name. */
export async function listedRepo(given: string, cwd: string, home: string): Promise<string> {
  const repo = await repoOf(given, cwd);
  if (!repo.startsWith("/")) return (await readProjects(home)).get(repo) ?? repo;
  const inside = await realpathIfThere(join(repo, "repo.git"));
  return inside ?? (await realpathIfThere(repo)) ?? repo;
}

async function realpathIfThere(path: string): Promise<string | undefined> {
  // A repository that is gone has tasks all the same.
  return realpath(path).catch(() => undefined);
}
