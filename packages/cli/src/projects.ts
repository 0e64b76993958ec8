import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { homePaths } from "@ampx/core/home";
import { UserError } from "@ampx/core/user-error";
import { parse, stringify } from "yaml";

/** Absolute paths of repositories by the names under which `ampx init` registered them. */
export type Projects = ReadonlyMap<string, string>;

/** The projects of a home. Throws a `UserError` when the file is not as it must be. */
export async function readProjects(home: string): Promise<Projects> {
  const file = homePaths(home).projects;
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  });
  const found: unknown = parse(text) ?? {};
  const entries =
    typeof found === "object" && found !== null ? Object.entries(found) : [["", null]];
  const projects = new Map<string, string>();
  for (const [name, repo] of entries) {
    if (typeof name !== "string" || typeof repo !== "string" || !repo.startsWith("/")) {
      throw new UserError(
        `${file} is not a list of projects: expected lines of the form "name: /path/of/repo.git"`,
        { kind: "invalid", tryThis: `mend or remove ${file}` },
      );
    }
    projects.set(name, repo);
  }
  return projects;
}

/** Gives a repository a name in this home. Throws a `UserError` when another one has it. */
export async function registerProject(home: string, name: string, repo: string): Promise<void> {
  const projects = await readProjects(home);
  const other = projects.get(name);
  if (other === repo) return;
  if (other !== undefined)
    throw new UserError(`A project ${name} is registered already: ${other}`, {
      kind: "conflict",
      tryThis: "ampx init --name <another name>",
    });
  const { projects: file } = homePaths(home);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, stringify(Object.fromEntries([...projects, [name, repo]])), {
    mode: 0o600,
  });
  await rename(draft, file);
}
