import { execFile } from "node:child_process";
import { access, chmod, mkdir, readdir, realpath, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { sampleConfig } from "@ampx/core/config/config-sample";
import { sampleTicket, ticketSchemaFile } from "@ampx/core/ticket/index";
import { UserError } from "@ampx/core/user-error";
import { installHook } from "@ampx/worker/local-ci/post-receive-hook";
import { registerProject } from "../projects.ts";
import { ciScript, readme } from "./project-files.ts";

export interface NewProject {
  home: string;
  /** Absolute; made when it is not there. */
  folder: string;
  /** The folder's name by default. */
  name: string | undefined;
  /** The command line that runs `ampx ci run`, for the hook. */
  ciCommand: string[];
}

export interface Project {
  name: string;
  folder: string;
  repo: string;
  /** Files that were written now; those that were there are left as they are. */
  created: string[];
}

/** Makes a project folder, or completes one that was made before. Throws a `UserError` when the folder holds anything else. */
export async function createProject({
  home,
  folder,
  name,
  ciCommand,
}: NewProject): Promise<Project> {
  await mkdir(folder, { recursive: true });
  const path = await realpath(folder);
  const projectName = checkedName(name ?? basename(path));
  await refuseForeign(path);
  const repo = join(path, "repo.git");
  await registerProject(home, projectName, repo);
  const created: string[] = [];
  if (!(await isThere(join(repo, "HEAD")))) {
    await promisify(execFile)("git", ["init", "--quiet", "--bare", "--initial-branch=main", repo]);
    created.push("repo.git");
  }
  await installHook(repo, ciCommand);
  for (const [file, content, mode] of filesOf(projectName, path)) {
    if (await isThere(join(path, file))) continue;
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), content);
    await chmod(join(path, file), mode);
    created.push(file);
  }
  if ((await mkdir(join(path, "backlog"), { recursive: true })) !== undefined)
    created.push("backlog");
  return { name: projectName, folder: path, repo, created };
}

const schemaFile = ".ampx/ticket.schema.json";

function filesOf(name: string, folder: string): [file: string, content: string, mode: number][] {
  return [
    ["ci.sh", ciScript, 0o755],
    ["ampx.yaml", sampleConfig("project"), 0o644],
    ["README.md", readme(name, folder), 0o644],
    // Beside the backlog, not in it: what lies there is begun.
    ["sample-ticket.yaml", sampleTicket(schemaFile), 0o644],
    [schemaFile, ticketSchemaFile(), 0o644],
  ];
}

// A folder with these two is one of ours, whatever else has been put beside them.
async function refuseForeign(folder: string): Promise<void> {
  const found = await readdir(folder);
  if (
    found.length === 0 ||
    (found.includes("repo.git") && (found.includes("ampx.yaml") || found.length === 1))
  )
    return;
  const shown = found.toSorted().slice(0, 3).join(", ") + (found.length > 3 ? ", …" : "");
  throw new UserError(`${folder} is not empty: ${shown}`, {
    kind: "conflict",
    tryThis: found.includes(".git")
      ? `ampx start --repo ${folder}, which needs no project folder; or ampx init <new folder>`
      : "ampx init <new folder>",
  });
}

function checkedName(name: string): string {
  if (/^[A-Za-z0-9][\w.-]{0,99}$/.test(name)) return name;
  throw new UserError(
    `${JSON.stringify(name)} cannot be the name of a project: letters, digits, ".", "_" and "-" only`,
    { kind: "invalid", tryThis: "ampx init --name <name>" },
  );
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
